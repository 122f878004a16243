import type { types } from "@pulumi/kubernetes";
import { ownedMetadata } from "./metadata.ts";
import { app } from "./names.ts";
import type { WorkloadSettings } from "./workload-settings.ts";

/**
 * How many pods a drain may take at a time, never the last available one.
 *
 * From two replicas up it is one, whatever the autoscaler made of them: `minAvailable: 1` would let ten go down to one
 * under the load that needs ten. A single replica is held instead, as `maxUnavailable: 1` would let it go; a drain then
 * waits until someone scales up. Pods that aren't ready never hold up a drain.
 */
export function disruptionBudget({ namespace, replicas }: Pick<WorkloadSettings, "namespace" | "replicas">) {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: ownedMetadata(app, namespace),
    spec: {
      ...(replicas.min > 1 ? { maxUnavailable: 1 } : { minAvailable: 1 }),
      selector: { matchLabels: { app } },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  } satisfies types.input.policy.v1.PodDisruptionBudget;
}
