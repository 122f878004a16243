import { ownedMetadata } from "../metadata.ts";
import { app } from "../names.ts";
import { podsServiceLabels } from "../services.ts";
import type { WorkloadSettings } from "../workload-settings.ts";

/** Has the Prometheus operator scrape every pod. The series' job is the value of the Service's label `app`. */
export function serviceMonitor({
  namespace,
  monitoringLabels,
}: Pick<WorkloadSettings, "namespace" | "monitoringLabels">) {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: ownedMetadata(app, namespace, { labels: monitoringLabels }),
    spec: {
      jobLabel: "app",
      selector: { matchLabels: { app, ...podsServiceLabels } },
      namespaceSelector: { matchNames: [namespace] },
      endpoints: [{ port: "metrics", path: "/metrics", interval: "15s", scrapeTimeout: "10s" }],
    },
  };
}
