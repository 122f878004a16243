import { ownedMetadata } from "../metadata.ts";
import { app } from "../names.ts";
import type { WorkloadSettings } from "../workload-settings.ts";
import { alerts } from "./alerts.ts";

/** Tells the Prometheus operator about the alerts, each with the address of its runbook. */
export function prometheusRule({
  namespace,
  monitoringLabels,
  runbooks,
}: Pick<WorkloadSettings, "namespace" | "monitoringLabels" | "runbooks">) {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: ownedMetadata(app, namespace, { labels: monitoringLabels }),
    spec: {
      groups: [
        {
          name: app,
          rules: alerts(namespace).map((alert) => ({
            alert: alert.name,
            expr: alert.expression,
            for: alert.for,
            labels: { severity: alert.severity, namespace, service: app },
            annotations: {
              summary: alert.summary,
              description: alert.description,
              runbook_url: `${runbooks.replace(/\/$/, "")}/${alert.runbook}.md`,
            },
          })),
        },
      ],
    },
  };
}
