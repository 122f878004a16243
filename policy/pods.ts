import type { Resource } from "./rule.ts";
import { get, is, listOf } from "./values.ts";

/** The specification of pods within a resource. */
export interface Pod {
  /** Where in the resource's properties it is. */
  readonly path: string;
  readonly spec: unknown;
  /** Whether its containers are to run until they are stopped, as those of a Job aren't. */
  readonly longRunning: boolean;
}

/** A container of a pod. */
export interface Container {
  readonly path: string;
  readonly spec: unknown;
  /** Whether it runs as long as its pod. */
  readonly longRunning: boolean;
}

const template = ["spec", "template", "spec"];
/** Where each kind keeps the specification of its pods. */
const paths: ReadonlyMap<string, readonly string[]> = new Map([
  ["Pod", ["spec"]],
  ["PodTemplate", ["template", "spec"]],
  ["Deployment", template],
  ["StatefulSet", template],
  ["DaemonSet", template],
  ["ReplicaSet", template],
  ["ReplicationController", template],
  ["Job", template],
  ["CronJob", ["spec", "jobTemplate", ...template]],
]);

/** The kind of a built-in Kubernetes resource, as `Deployment`. */
export function kubernetesKind(type: string): string | undefined {
  return /^kubernetes:(?:core|apps|batch|extensions|networking\.k8s\.io|gateway\.networking\.k8s\.io)\/[^:]+:(\w+)$/.exec(
    type,
  )?.[1];
}

/** The pods that a resource runs, if it is of a kind that does. */
export function podOf({ type, properties }: Resource): Pod | undefined {
  const kind = kubernetesKind(type);
  const path = kind === undefined ? undefined : paths.get(kind);
  if (path === undefined) return undefined;
  const spec = get(properties, ...path);
  const ends = is(get(spec, "restartPolicy"), "Never", "OnFailure");
  return { path: path.join("."), spec, longRunning: kind !== "Job" && kind !== "CronJob" && !ends };
}

/** Every container of a pod: its own, those that initialise it, and those that were added to debug it. */
export function containersOf(pod: Pod): Container[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((field) =>
    listOf(get(pod.spec, field)).map((spec, index) => ({
      path: `${pod.path}.${field}[${index}]`,
      spec,
      longRunning: pod.longRunning && (field === "containers" || get(spec, "restartPolicy") === "Always"),
    })),
  );
}

/** A check of each container of each resource that runs pods. */
export function eachContainer(check: (container: Container, pod: Pod) => string[]): (resource: Resource) => string[] {
  return (resource) => {
    const pod = podOf(resource);
    return pod === undefined ? [] : containersOf(pod).flatMap((container) => check(container, pod));
  };
}
