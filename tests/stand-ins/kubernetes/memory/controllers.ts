import { createHash } from "node:crypto";
import type { Properties } from "../../rpc/values.ts";
import { at, type KubernetesObject } from "../objects.ts";

/** Says why a workload's pods fail, as their termination message, and undefined where they run. */
export type Breakage = (workload: KubernetesObject) => string | undefined;

/** What controllers make of a workload: its status, and the pods that it has. */
export interface Reconciled {
  readonly status: Properties;
  readonly pods: readonly KubernetesObject[];
  readonly annotations?: Record<string, string>;
}

/** Hash of a pod template, which names a revision. */
export function templateHash(workload: KubernetesObject): string {
  return createHash("sha256")
    .update(JSON.stringify(at(workload, "spec", "template")))
    .digest("hex")
    .slice(0, 10);
}

/**
 * A Deployment after its rollout. Where the new pods fail, those of the last good revision stay available, as with
 * `maxUnavailable: 0`.
 */
export function reconcileDeployment(
  deployment: KubernetesObject,
  broken: string | undefined,
  revision: number,
  wasAvailable: boolean,
): Reconciled {
  const replicas = (at(deployment, "spec", "replicas") as number | undefined) ?? 1;
  const { generation: observedGeneration } = deployment.metadata as { generation?: number };
  const annotations = { "deployment.kubernetes.io/revision": String(revision) };
  const name = `${deployment.metadata.name}-${templateHash(deployment)}`;
  if (broken === undefined) {
    const conditions = [
      {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      },
      {
        type: "Progressing",
        status: "True",
        reason: "NewReplicaSetAvailable",
        message: `ReplicaSet "${name}" has successfully progressed.`,
      },
    ];
    const status = {
      observedGeneration,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      conditions,
    };
    const pods = Array.from({ length: replicas }, (_, index) => pod(deployment, `${name}-${index}`, { running: true }));
    return { status, pods, annotations };
  }
  const available = wasAvailable ? replicas : 0;
  const conditions = [
    wasAvailable
      ? {
          type: "Available",
          status: "True",
          reason: "MinimumReplicasAvailable",
          message: "Deployment has minimum availability.",
        }
      : {
          type: "Available",
          status: "False",
          reason: "MinimumReplicasUnavailable",
          message: "Deployment does not have minimum availability.",
        },
    {
      type: "Progressing",
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: `ReplicaSet "${name}" has timed out progressing.`,
    },
  ];
  const status = {
    observedGeneration,
    replicas: available + 1,
    updatedReplicas: 1,
    unavailableReplicas: 1,
    conditions,
    ...(available > 0 && { readyReplicas: available, availableReplicas: available }),
  };
  return { status, pods: [pod(deployment, `${name}-0`, { message: broken })], annotations };
}

/** A Job after its pod ended. */
export function reconcileJob(job: KubernetesObject, broken: string | undefined): Reconciled {
  const startTime = "2026-01-01T00:00:00Z";
  const name = `${job.metadata.name}-0`;
  if (broken === undefined) {
    const conditions = [
      {
        type: "Complete",
        status: "True",
        reason: "CompletionsReached",
        message: "Reached expected number of succeeded pods",
      },
    ];
    return {
      status: { startTime, completionTime: startTime, succeeded: 1, conditions },
      pods: [pod(job, name, { succeeded: true })],
    };
  }
  const conditions = [
    {
      type: "Failed",
      status: "True",
      reason: "BackoffLimitExceeded",
      message: "Job has reached the specified backoff limit",
    },
  ];
  return { status: { startTime, failed: 1, conditions }, pods: [pod(job, name, { message: broken })] };
}

function pod(
  owner: KubernetesObject,
  name: string,
  state: { running?: true; succeeded?: true; message?: string },
): KubernetesObject {
  const { namespace, uid } = owner.metadata as { namespace: string; uid?: string };
  const container = at(owner, "spec", "template", "spec", "containers", 0, "name") as string;
  const labels = (at(owner, "spec", "template", "metadata", "labels") ?? {}) as Record<string, string>;
  const ready = state.running === true;
  const terminated = {
    exitCode: state.succeeded ? 0 : 1,
    reason: state.succeeded ? "Completed" : "Error",
    message: state.message,
    finishedAt: "2026-01-01T00:00:10Z",
  };
  const unready = { reason: "ContainersNotReady", message: `containers with unready status: [${container}]` };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      labels,
      ownerReferences: [{ kind: owner.kind, name: owner.metadata.name, uid: uid ?? "" }],
    },
    spec: at(owner, "spec", "template", "spec"),
    status: {
      phase: ready ? "Running" : state.succeeded ? "Succeeded" : "Failed",
      conditions: [
        { type: "PodScheduled", status: "True" },
        { type: "Initialized", status: "True" },
        { type: "Ready", status: ready ? "True" : "False", ...(!ready && unready) },
      ],
      containerStatuses: [{ name: container, ready, restartCount: 0, state: ready ? { running: {} } : { terminated } }],
    },
  };
}
