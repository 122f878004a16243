import { CustomObjectsApi } from "@kubernetes/client-node";
import { openCluster } from "./cluster.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import type { ClusterError } from "./cluster-error.ts";

const monitoring = { group: "monitoring.coreos.com", version: "v1" };
const kinds = ["ServiceMonitor", "PrometheusRule"];

/**
 * Whether the cluster serves the Prometheus Operator's ServiceMonitor and PrometheusRule.
 *
 * @throws ClusterError where the cluster can't be asked.
 */
export async function hasMonitoringKinds(access: ClusterAccess): Promise<boolean> {
  const cluster = openCluster(access);
  try {
    const { resources } = await cluster.ask(`read the kinds of ${monitoring.group}`, (options) =>
      cluster.kubeConfig.makeApiClient(CustomObjectsApi).getAPIResources(monitoring, options),
    );
    return kinds.every((kind) => resources.some((resource) => resource.kind === kind));
  } catch (error) {
    if ((error as ClusterError).status === 404) return false;
    throw error;
  }
}
