import { getStack, RunError } from "@pulumi/pulumi";
import type { StackState } from "../stack-state.ts";
import type { ClusterAccess } from "./access/cluster-access.ts";
import type { ClusterError } from "./access/cluster-error.ts";
import { namespaceLabels } from "./access/namespaces.ts";
import { stackLabel } from "./namespace.ts";

/** What {@link assertOwnNamespace} is told. */
export interface OwnNamespaceArgs {
  readonly access: ClusterAccess;
  readonly namespace: string;
  readonly state: StackState;
  /** Is told why the namespace can't be looked at. */
  readonly warn: (message: string) => unknown;
}

/**
 * Makes sure that a stack's first deployment takes over nobody else's namespace: what exists is upserted, so that a run which was
 * interrupted goes on; and then the stack would close that namespace's network, and a destroy would delete all that is in it.
 *
 * @throws RunError where the cluster has such a namespace, and neither the stack's state nor the namespace's label says that it
 * is the stack's.
 */
export async function assertOwnNamespace({ access, namespace, state, warn }: OwnNamespaceArgs): Promise<void> {
  const recorded = state.find("kubernetes:core/v1:Namespace")?.outputs.metadata as { name?: string } | undefined;
  if (recorded?.name === namespace) return;
  let labels: Awaited<ReturnType<typeof namespaceLabels>>;
  try {
    labels = await namespaceLabels(access, namespace);
  } catch (cause) {
    const { status, message } = cause as ClusterError;
    if (status !== undefined && status !== 403) throw new RunError(message, { cause });
    // Who may not read it, or doesn't get there, may still look at a preview; an up that can't fails by itself.
    await warn(`whether namespace ${namespace} is somebody else's isn't known: ${message}`);
    return;
  }
  const stack = getStack();
  const owner = labels?.[stackLabel];
  if (labels === undefined || owner === stack) return;
  const whose = owner === undefined ? `isn't labelled ${stackLabel}=${stack}` : `is the stack ${owner}'s`;
  throw new RunError(
    `config namespace: expected ${namespace} to be new or this stack's own, but the cluster has one that ${whose}: choose another ` +
      `with npm run pulumi -- config set namespace NAME --stack ${stack}; or hand it over, with all that is in it, which a destroy ` +
      `then deletes: kubectl label namespace ${namespace} ${owner === undefined ? "" : "--overwrite "}${stackLabel}=${stack}`,
  );
}
