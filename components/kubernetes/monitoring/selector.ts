import { app } from "../names.ts";

/** Labels of this workload's series, as the ServiceMonitor makes them. */
export function seriesLabels(namespace: string): string {
  return `namespace="${namespace}",job="${app}"`;
}
