import type { types } from "@pulumi/kubernetes";
import { ownedMetadata } from "./metadata.ts";
import { app } from "./names.ts";
import type { WorkloadSettings } from "./workload-settings.ts";

/** Replicas by load: up at once, by as many again or four every 15 s; down one a minute, once fewer have been enough for a while. */
export function autoscaler({ namespace, replicas }: Pick<WorkloadSettings, "namespace" | "replicas">) {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: ownedMetadata(app, namespace),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: app },
      minReplicas: replicas.min,
      maxReplicas: replicas.max,
      metrics: [utilization("cpu", replicas.cpuPercent), utilization("memory", replicas.memoryPercent)],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: "Max",
          policies: [
            { type: "Percent", value: 100, periodSeconds: 15 },
            { type: "Pods", value: 4, periodSeconds: 15 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: replicas.scaleDownSeconds,
          selectPolicy: "Max",
          policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
        },
      },
    },
  } satisfies types.input.autoscaling.v2.HorizontalPodAutoscaler;
}

function utilization(name: "cpu" | "memory", averageUtilization: number) {
  return { type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } };
}
