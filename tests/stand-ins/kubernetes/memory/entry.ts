import { canonical } from "../../bridged.ts";
import type { Properties } from "../../rpc/values.ts";
import { at, condition, type KubernetesObject } from "../objects.ts";
import { type Breakage, type Reconciled, reconcileDeployment, reconcileJob } from "./controllers.ts";
import type { Ownership } from "./ownership.ts";

/** An object and what a server keeps with it. */
export interface Entry {
  object: KubernetesObject;
  ownership: Ownership;
  /** Pods of a workload. */
  pods: readonly KubernetesObject[];
  /** Number of a Deployment's pod template, counted from 1. */
  revision: number;
  /** The template of that revision. */
  template: string;
  /** A revision before was available. */
  wasAvailable: boolean;
}

export function newEntry(object: KubernetesObject, ownership: Ownership): Entry {
  return { object, ownership, pods: [], revision: 0, template: "", wasAvailable: false };
}

/** Lets the controllers act on a workload. A Job that has ended stays as it is. */
export function reconcile(entry: Entry, breakage: Breakage): void {
  const { object } = entry;
  if (object.kind === "Job" && object.status === undefined) record(entry, reconcileJob(object, breakage(object)));
  if (object.kind !== "Deployment") return;
  const template = canonical(at(object, "spec", "template"));
  if (template !== entry.template) entry.revision += 1;
  entry.wasAvailable ||= condition(object, "Available")?.status === "True";
  entry.template = template;
  record(entry, reconcileDeployment(object, breakage(object), entry.revision, entry.wasAvailable));
}

function record(entry: Entry, { status, pods, annotations }: Reconciled): void {
  const { metadata } = entry.object;
  const annotated = annotations ? { ...metadata, annotations: { ...metadata.annotations, ...annotations } } : metadata;
  entry.object = { ...entry.object, metadata: annotated, status };
  entry.pods = pods;
}

/** What a server and its controllers add to some kinds. */
export function withServerDefaults(object: KubernetesObject): KubernetesObject {
  const { spec = {}, status } = object as { spec?: Properties; status?: Properties };
  if (object.kind === "Namespace") return { ...object, status: status ?? { phase: "Active" } };
  if (object.kind === "Service")
    return {
      ...object,
      spec: { clusterIP: "10.96.0.10", type: "ClusterIP", ...spec },
      status: status ?? { loadBalancer: {} },
    };
  if (object.kind === "Ingress")
    return { ...object, status: status ?? { loadBalancer: { ingress: [{ ip: "192.0.2.10" }] } } };
  return object;
}
