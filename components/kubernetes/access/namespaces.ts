import { CoreV1Api } from "@kubernetes/client-node";
import { openCluster } from "./cluster.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import type { ClusterError } from "./cluster-error.ts";

/**
 * Labels of a namespace.
 *
 * @returns undefined where the cluster has none of that name.
 * @throws ClusterError where the cluster can't be asked; with a status where it answered.
 */
export async function namespaceLabels(
  access: ClusterAccess,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const cluster = openCluster(access);
  try {
    const { metadata } = await cluster.ask(`read Namespace ${name}`, (options) =>
      cluster.kubeConfig.makeApiClient(CoreV1Api).readNamespace({ name }, options),
    );
    return metadata?.labels ?? {};
  } catch (error) {
    if ((error as ClusterError).status === 404) return undefined;
    throw error;
  }
}
