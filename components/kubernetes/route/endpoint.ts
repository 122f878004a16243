import { service } from "../names.ts";
import type { WorkloadSettings } from "../workload-settings.ts";

/** Address of the service: the route's, or inside of the cluster where there is none. */
export function serviceEndpoint({ namespace, route }: Pick<WorkloadSettings, "namespace" | "route">): string {
  if (route.kind === "none") return `http://${service}.${namespace}.svc.cluster.local`;
  return `${route.tls === "none" ? "http" : "https"}://${route.host}`;
}
