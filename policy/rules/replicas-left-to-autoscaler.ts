import { kubernetesKind } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { get, isSet, isUnknown, problem } from "../values.ts";

/** A Deployment that states replicas takes back, at every update, what the autoscaler gave. */
export const replicasLeftToAutoscaler: Rule = {
  name: "replicas-left-to-autoscaler",
  description: "Deployments state no number of replicas: that is the HorizontalPodAutoscaler's.",
  enforcement: "mandatory",
  check({ type, properties }) {
    if (kubernetesKind(type) !== "Deployment") return [];
    const replicas = get(properties, "spec", "replicas");
    if (!isSet(replicas) || isUnknown(replicas)) return [];
    return [problem("spec.replicas", "none, as the autoscaler sets it", replicas)];
  },
};
