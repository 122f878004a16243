import { createHash } from "node:crypto";
import type { types } from "@pulumi/kubernetes";
import { serviceVariables } from "../service-settings.ts";
import { ownedMetadata } from "./metadata.ts";
import { drainSeconds, keepAliveSeconds } from "./timing.ts";
import type { WorkloadSettings } from "./workload-settings.ts";

/**
 * The service's settings, as environment variables.
 *
 * Named by its content and immutable: another configuration is another ConfigMap, which rolls the pods, while pods of
 * an earlier revision that restart still find their own.
 */
export function configMap(settings: WorkloadSettings) {
  const data = environment(settings);
  const digest = createHash("sha256")
    .update(JSON.stringify(Object.entries(data).sort()))
    .digest("hex");
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: ownedMetadata(`ml-inference-config-${digest.slice(0, 8)}`, settings.namespace),
    immutable: true,
    data,
  } satisfies types.input.core.v1.ConfigMap;
}

function environment(settings: WorkloadSettings): Record<string, string> {
  return {
    MLFLOW_TRACKING_URI: settings.trackingUri,
    MODEL_NAME: settings.modelName,
    EXPERIMENT_NAME: settings.experimentName,
    HOST: "0.0.0.0",
    PORT: String(settings.port),
    METRICS_PORT: String(settings.metricsPort),
    LOG_LEVEL: settings.logLevel,
    ...serviceVariables(settings.service),
    AWS_REGION: settings.region,
    KEEP_ALIVE_SECONDS: String(keepAliveSeconds),
    DRAIN_SECONDS: String(drainSeconds),
  };
}
