import type { types } from "@pulumi/kubernetes";
import { commonLabels } from "./metadata.ts";
import { isAlb } from "./route/alb.ts";
import type { WorkloadSettings } from "./workload-settings.ts";

/** Label of the namespace that names the stack whose it is. */
export const stackLabel = "ml-deployment-pipeline/stack";

/**
 * The namespace: pods in it are held to the `restricted` profile.
 *
 * @param stack The stack's name.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function namespace({ namespace, route }: Pick<WorkloadSettings, "namespace" | "route">, stack: string) {
  // With it, a rollout waits until the ALB itself holds a new pod healthy.
  const readinessGate = isAlb(route);
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: namespace,
      labels: commonLabels({
        [stackLabel]: stack,
        ...Object.fromEntries(
          ["enforce", "audit", "warn"].flatMap((mode) => [
            [`pod-security.kubernetes.io/${mode}`, "restricted"],
            [`pod-security.kubernetes.io/${mode}-version`, "latest"],
          ]),
        ),
        ...(readinessGate && { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" }),
      }),
      annotations: { "pulumi.com/patchForce": "true" },
    },
  } satisfies types.input.core.v1.Namespace;
}
