import type { Properties } from "../../rpc/values.ts";
import type { ApiServer } from "../api-server.ts";
import { at, condition, fullName, type KubernetesObject } from "../objects.ts";

/**
 * Why the pods of a workload aren't ready, with the termination messages of their containers. Of a Deployment, the pods of its
 * newest template are meant. Source: pulumi-kubernetes, provider/pkg/await/checker/pod/check.go
 */
export async function podMessages(api: ApiServer, workload: KubernetesObject): Promise<string[]> {
  const namespace = workload.metadata.namespace!;
  const pods = await api.list({ apiVersion: "v1", kind: "Pod" }, namespace);
  const owners = await newestOwners(api, workload, namespace);
  return pods.filter((pod) => ownerUids(pod).some((uid) => owners.has(uid))).flatMap(podMessage);
}

/** The workload itself, and a Deployment's ReplicaSet of its current revision. */
async function newestOwners(api: ApiServer, workload: KubernetesObject, namespace: string): Promise<Set<unknown>> {
  const uid = at(workload, "metadata", "uid");
  if (workload.kind !== "Deployment") return new Set([uid]);
  const revision = (object: KubernetesObject) => object.metadata.annotations?.["deployment.kubernetes.io/revision"];
  const sets = await api.list({ apiVersion: "apps/v1", kind: "ReplicaSet" }, namespace);
  const newest = sets.filter((set) => ownerUids(set).includes(uid) && revision(set) === revision(workload));
  return new Set([uid, ...newest.map((set) => at(set, "metadata", "uid"))]);
}

function ownerUids(object: KubernetesObject): unknown[] {
  return ((at(object, "metadata", "ownerReferences") ?? []) as Properties[]).map(({ uid }) => uid);
}

function podMessage(pod: KubernetesObject): string[] {
  const name = fullName(pod.metadata).replace(/^default\//, "");
  const scheduled = condition(pod, "PodScheduled");
  if (scheduled && scheduled.status !== "True") return scheduled.message ? [`[Pod ${name}]: ${scheduled.message}`] : [];
  const ready = condition(pod, "Ready");
  if (!ready || ready.status === "True" || at(pod, "status", "phase") === "Succeeded") return [];
  const statuses = (at(pod, "status", "containerStatuses") ?? []) as Properties[];
  const errors = statuses.filter((status) => status.ready !== true).flatMap(containerErrors);
  const message = ready.reason && ready.message ? String(ready.message) : "";
  return message === "" && errors.length === 0 ? [] : [`[Pod ${name}]: ${message}${errors.join("\n")}`];
}

function containerErrors({ name, state, lastState }: Properties): string[] {
  const waiting = at(state, "waiting") as Properties | undefined;
  const terminated = at(state, "terminated") as Properties | undefined;
  const last = at(lastState, "terminated") as Properties | undefined;
  const errors: string[] = [];
  if (waiting && waiting.reason !== "ContainerCreating") errors.push(`[${waiting.reason}] ${waiting.message ?? ""}`);
  if (terminated?.reason) {
    const completed = `container "${name}" completed with exit code ${terminated.exitCode}`;
    errors.push(terminated.message ? `[${terminated.reason}] ${terminated.message}` : completed);
  }
  if (last) {
    errors.push(`container "${name}" terminated at ${last.finishedAt} (${last.reason}: exit code ${last.exitCode})`);
    if (last.message) errors.push(String(last.message));
  }
  return errors;
}
