import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { authTokensParts } from "./auth-tokens.ts";
import { expectationFile, expectationParts } from "./expectation.ts";
import { commonLabels } from "./metadata.ts";
import { podsService, verificationApp } from "./names.ts";
import { nodeSelector } from "./node-selector.ts";
import { restrictedContainer, restrictedPod } from "./pod-security.ts";
import { verificationDeadline, verifySeconds } from "./timing.ts";

/** What {@link verificationJob} is told. */
export interface VerificationJobArgs {
  readonly namespace: string;
  /** Port of the serving pods. */
  readonly port: number;
  /** What the image runs on, as `linux/amd64`. */
  readonly platform: string;
  /** Within which the pods were to be ready. */
  readonly rolloutSeconds: number;
  /** Secret with the pods' bearer tokens; empty where they ask for none. */
  readonly authTokensSecret: string;
  /** Reference by digest. */
  readonly image: Input<string>;
  /** The expectation as JSON. */
  readonly expectation: Input<string>;
  /** Name of the pods' ConfigMap: another configuration is another thing to prove. */
  readonly configMap: Input<string>;
}

/**
 * Asks every ready pod, once, whether it serves what the stack asked for.
 *
 * A Job's template can't change and a failed Job stays failed, so it has no name: the engine gives each run a new one.
 * No time to live: a Job that went by itself would look like one to run again.
 */
export function verificationJob({
  namespace,
  port,
  platform,
  rolloutSeconds,
  authTokensSecret,
  image,
  configMap,
  ...args
}: VerificationJobArgs) {
  const tokens = authTokensParts(authTokensSecret);
  const expectation = expectationParts(args.expectation);
  const labels = commonLabels({ app: verificationApp });
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { namespace, labels, annotations: { "pulumi.com/replaceUnready": "true" } },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: verificationDeadline(rolloutSeconds),
      // A node that is drained meanwhile says nothing about the model.
      podFailurePolicy: {
        rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
      },
      template: {
        metadata: {
          labels,
          annotations: { ...expectation.annotations, "ml-deployment-pipeline/configuration": configMap },
        },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: restrictedPod,
          nodeSelector: nodeSelector(platform),
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: "verify",
              image,
              imagePullPolicy: "IfNotPresent",
              args: ["inference/verify-pods.ts"],
              env: [
                { name: "VERIFY_HOST", value: `${podsService}.${namespace}.svc.cluster.local` },
                { name: "VERIFY_PORT", value: String(port) },
                { name: "VERIFY_SECONDS", value: String(verifySeconds) },
                { name: "MODEL_EXPECTATION_FILE", value: expectationFile },
                ...tokens.env,
              ],
              resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { cpu: "1", memory: "256Mi" } },
              securityContext: restrictedContainer,
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [expectation.mount, ...tokens.mounts],
            },
          ],
          volumes: [expectation.volume, ...tokens.volumes],
        },
      },
    },
  } satisfies types.input.batch.v1.Job;
}
