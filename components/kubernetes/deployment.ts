import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { authTokensParts } from "./auth-tokens.ts";
import { expectationFile, expectationParts } from "./expectation.ts";
import { commonLabels, ownedMetadata } from "./metadata.ts";
import { app, container } from "./names.ts";
import { nodeSelector } from "./node-selector.ts";
import type { PodSecret } from "./pod-secret.ts";
import { restrictedContainer, restrictedPod } from "./pod-security.ts";
import { quantity } from "./quantity.ts";
import { preStopSeconds, terminationGraceSeconds } from "./timing.ts";
import type { ResourceSettings, WorkloadSettings } from "./workload-settings.ts";

/** What {@link deployment} is told. Inputs are passed on as they are, so that what isn't known yet hides nothing else. */
export interface DeploymentArgs {
  readonly settings: WorkloadSettings;
  /** Reference by digest. */
  readonly image: Input<string>;
  /** Number in the registry. */
  readonly modelVersion: Input<string>;
  /** The expectation as JSON. */
  readonly expectation: Input<string>;
  /** Name of the ConfigMap. */
  readonly configMap: Input<string>;
  /** IAM role, where identity is `irsa`: pods get it, as any other identity, at their start alone. */
  readonly roleArn?: Input<string>;
  /** Where further environment variables come from. */
  readonly secrets: readonly PodSecret[];
}

/**
 * The serving pods. A new one gets traffic only once its model has proven itself, and an old one goes only then.
 *
 * `replicas` is absent: the autoscaler owns it.
 */
export function deployment({ settings, ...args }: DeploymentArgs) {
  const expectation = expectationParts(args.expectation);
  const tokens = authTokensParts(settings.authTokensSecret);
  const selector = { matchLabels: { app } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: ownedMetadata(app, settings.namespace),
    spec: {
      selector,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
      progressDeadlineSeconds: settings.rolloutSeconds,
      minReadySeconds: 5,
      revisionHistoryLimit: 5,
      template: {
        metadata: {
          labels: commonLabels(),
          annotations: {
            "kubectl.kubernetes.io/default-container": container,
            ...expectation.annotations,
            "ml-deployment-pipeline/identity": args.roleArn ?? settings.identity,
            ...Object.fromEntries(args.secrets.map(({ name, digest }) => [`ml-deployment-pipeline/${name}`, digest])),
          },
        },
        spec: {
          serviceAccountName: app,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: restrictedPod,
          nodeSelector: nodeSelector(settings.platform),
          terminationGracePeriodSeconds: terminationGraceSeconds(settings),
          topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
            maxSkew: 1,
            topologyKey,
            // Not DoNotSchedule: that leaves pods pending where nodes have no zone.
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: selector,
            matchLabelKeys: ["pod-template-hash"],
          })),
          containers: [
            {
              name: container,
              image: args.image,
              imagePullPolicy: "IfNotPresent",
              ports: [
                { name: "http", containerPort: settings.port, protocol: "TCP" },
                { name: "metrics", containerPort: settings.metricsPort, protocol: "TCP" },
              ],
              envFrom: [
                { configMapRef: { name: args.configMap } },
                ...args.secrets.map(({ name }) => ({ secretRef: { name } })),
              ],
              // Not in the ConfigMap: it outlives a rollback, and `kubectl set env` reaches it.
              env: [
                { name: "MODEL_VERSION", value: args.modelVersion },
                { name: "MODEL_EXPECTATION_FILE", value: expectationFile },
                // A plain value, not a resourceFieldRef: a value set by hand beside one has the next apply refused.
                { name: "MODEL_THREADS", value: String(Math.ceil(quantity(settings.resources.cpuLimit))) },
                ...tokens.env,
              ],
              resources: resources(settings.resources),
              securityContext: restrictedContainer,
              ...probes,
              lifecycle: { preStop: { sleep: { seconds: preStopSeconds(settings) } } },
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [expectation.mount, { name: "tmp", mountPath: "/tmp" }, ...tokens.mounts],
            },
          ],
          volumes: [expectation.volume, { name: "tmp", emptyDir: { sizeLimit: "512Mi" } }, ...tokens.volumes],
        },
      },
    },
  } satisfies types.input.apps.v1.Deployment;
}

/** Ready is `/health`: model loaded, digest and golden sample right. Alive is `/live`, which asks nothing outside of the process. */
const probes = {
  startupProbe: {
    httpGet: { path: "/health", port: "http" },
    periodSeconds: 1,
    timeoutSeconds: 2,
    failureThreshold: 120,
  },
  readinessProbe: {
    httpGet: { path: "/health", port: "http" },
    periodSeconds: 5,
    timeoutSeconds: 3,
    failureThreshold: 3,
  },
  livenessProbe: {
    httpGet: { path: "/live", port: "http" },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
  },
};

function resources({ cpuRequest, cpuLimit, memoryRequest, memoryLimit }: ResourceSettings) {
  return { requests: { cpu: cpuRequest, memory: memoryRequest }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}
