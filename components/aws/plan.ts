import { type InvokeOptions, RunError } from "@pulumi/pulumi";
import { readStackState } from "../stack-state.ts";
import type { ClusterSettings } from "./cluster.ts";
import { type FoundCluster, findEksCluster, findOidcProvider } from "./find-cluster.ts";
import type { IdentitySettings } from "./identity.ts";

/** What the program knows of the cluster before it registers any resource. */
export interface ClusterPlan {
  readonly settings: ClusterSettings;
  readonly region: string;
  /** Absent where it is yet to be created. */
  readonly found?: FoundCluster;
  /** IAM's OIDC provider of a cluster that is adopted, with identity `irsa`. */
  readonly oidcProviderArn?: string;
}

/**
 * Finds the stack's cluster.
 *
 * @throws RunError where one to adopt doesn't exist or lacks what the identity needs, or one to create exists and isn't the
 * stack's own.
 */
export async function planCluster(
  settings: ClusterSettings,
  { region, identity }: { readonly region: string; readonly identity: IdentitySettings["method"] },
  options: InvokeOptions,
): Promise<ClusterPlan> {
  const { kind, name } = settings;
  const found = await findEksCluster({ name, region }, options);
  if (kind === "create") {
    await assertOwn(name, found);
    return { settings, region, ...(found && { found }) };
  }
  if (found === undefined) {
    throw new RunError(
      `config clusterName: expected an EKS cluster ${name} in ${region} to adopt, got none that is up. Name another, or let the ` +
        "stack make it with config cluster create",
    );
  }
  if (identity !== "irsa") return { settings, region, found };
  return { settings, region, found, oidcProviderArn: await findOidcProvider(found.issuer, name, options) };
}

async function assertOwn(name: string, found: FoundCluster | undefined): Promise<void> {
  if (found === undefined || (await readStackState()).find("eks:index:Cluster")) return;
  throw new RunError(
    `config cluster: create would make ${name}, but an EKS cluster of that name exists and isn't this stack's: set cluster to ` +
      "adopt, or clusterName to another name",
  );
}
