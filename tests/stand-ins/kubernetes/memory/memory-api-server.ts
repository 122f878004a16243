import { randomUUID } from "node:crypto";
import { canonical } from "../../bridged.ts";
import { ApiError, type ApiServer, type WriteOptions } from "../api-server.ts";
import { at, groupOf, type KubernetesObject, type ObjectReference, plural, referenceOf } from "../objects.ts";
import { assertAdmissible, isOfCluster } from "./admission.ts";
import type { Breakage } from "./controllers.ts";
import { type Entry, newEntry, reconcile, withServerDefaults } from "./entry.ts";
import { immutableChange } from "./immutable.ts";
import { modelOf } from "./models.ts";
import { Ownership } from "./ownership.ts";

/** Kinds that are known besides the built-in ones, as `monitoring.coreos.com/v1/ServiceMonitor`. */
export const usualCustomKinds: readonly string[] = [
  "monitoring.coreos.com/v1/ServiceMonitor",
  "monitoring.coreos.com/v1/PrometheusRule",
  "gateway.networking.k8s.io/v1/Gateway",
  "gateway.networking.k8s.io/v1/HTTPRoute",
  "cert-manager.io/v1/Certificate",
  "cert-manager.io/v1/Issuer",
  "cert-manager.io/v1/ClusterIssuer",
];

/** An API server that keeps objects in memory, with controllers that act at once. */
export class MemoryApiServer implements ApiServer {
  readonly #entries = new Map<string, Entry>();
  readonly #customKinds: ReadonlySet<string>;
  #breakage: Breakage = () => undefined;
  #version = 0;

  constructor(customKinds: readonly string[] = usualCustomKinds) {
    this.#customKinds = new Set(customKinds);
    this.#store(undefined, { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } }, new Ownership());
  }

  /** All objects, without the pods. */
  get objects(): KubernetesObject[] {
    return [...this.#entries.values()].map(({ object }) => structuredClone(object));
  }

  /** Makes the pods of workloads fail from now on, or run again. A Job that has ended stays as it is. */
  breakPods(breakage: Breakage): void {
    this.#breakage = breakage;
    for (const entry of this.#entries.values())
      if (entry.object.kind === "Deployment") reconcile(entry, this.#breakage);
  }

  /** A change by somebody else, as `kubectl set env` or `kubectl scale` make it. */
  edit(reference: ObjectReference, manager: string, change: (object: KubernetesObject) => void): void {
    const entry = this.#entries.get(keyOf(reference));
    if (!entry) throw notFound(reference);
    const after = structuredClone(entry.object);
    change(after);
    entry.ownership.update(entry.object, after, manager);
    this.#store(entry, after, entry.ownership);
  }

  async isNamespaced({ apiVersion, kind }: Pick<ObjectReference, "apiVersion" | "kind">): Promise<boolean | undefined> {
    const known = modelOf({ apiVersion, kind }) !== undefined || this.#customKinds.has(`${apiVersion}/${kind}`);
    return known ? !isOfCluster(kind) : undefined;
  }

  async get(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    return structuredClone(this.#entries.get(keyOf(reference))?.object);
  }

  async list(
    { kind, apiVersion }: Pick<ObjectReference, "apiVersion" | "kind">,
    namespace: string,
  ): Promise<KubernetesObject[]> {
    const all = kind === "Pod" ? [...this.#entries.values()].flatMap(({ pods }) => pods) : this.objects;
    return all.filter(
      (object) => object.kind === kind && object.apiVersion === apiVersion && object.metadata.namespace === namespace,
    );
  }

  async create(object: KubernetesObject, { manager, dryRun }: WriteOptions): Promise<KubernetesObject> {
    await this.#admit(object);
    const reference = referenceOf(object);
    if (this.#entries.has(keyOf(reference)))
      throw new ApiError(409, "AlreadyExists", `${resource(reference)} "${reference.name}" already exists`);
    const ownership = new Ownership();
    ownership.update(undefined, object, manager);
    return this.#store(undefined, structuredClone(object), ownership, dryRun);
  }

  async apply(
    object: KubernetesObject,
    { manager, dryRun, force }: WriteOptions & { force: boolean },
  ): Promise<KubernetesObject> {
    await this.#admit(object);
    const entry = this.#entries.get(keyOf(referenceOf(object)));
    const ownership = entry ? entry.ownership.clone() : new Ownership();
    const before =
      entry?.object ?? ({ apiVersion: object.apiVersion, kind: object.kind, metadata: {} } as KubernetesObject);
    const after = ownership.apply(structuredClone(before), structuredClone(object), manager, force);
    const refused = entry && immutableChange(entry.object, after);
    if (refused) throw new ApiError(422, "Invalid", refused);
    return this.#store(entry, after, ownership, dryRun);
  }

  async adoptFields(reference: ObjectReference, manager: string): Promise<void> {
    this.#entries.get(keyOf(reference))?.ownership.adopt(manager);
  }

  async delete(reference: ObjectReference): Promise<void> {
    this.#entries.delete(keyOf(reference));
    if (reference.kind !== "Namespace") return;
    for (const [key, { object }] of this.#entries)
      if (object.metadata.namespace === reference.name) this.#entries.delete(key);
  }

  async pause(): Promise<boolean> {
    return false;
  }

  async #admit(object: KubernetesObject): Promise<void> {
    const namespaced = await this.isNamespaced(object);
    assertAdmissible(object, namespaced);
    const namespace = { apiVersion: "v1", kind: "Namespace", name: object.metadata.namespace ?? "default" };
    if (namespaced && !this.#entries.has(keyOf(namespace))) throw notFound(namespace);
  }

  #store(entry: Entry | undefined, object: KubernetesObject, ownership: Ownership, dryRun = false): KubernetesObject {
    const before = entry?.object;
    const changed =
      before === undefined ||
      canonical({ ...object, metadata: null, status: null }) !== canonical({ ...before, metadata: null, status: null });
    const generation = ((at(before, "metadata", "generation") as number | undefined) ?? 0) + (changed ? 1 : 0);
    const metadata = {
      ...object.metadata,
      creationTimestamp: at(before, "metadata", "creationTimestamp") ?? new Date().toISOString(),
      generation,
      resourceVersion: String(++this.#version),
      uid: at(before, "metadata", "uid") ?? randomUUID(),
    };
    const stored = entry && !dryRun ? entry : { ...(entry ?? newEntry(object, ownership)) };
    stored.object = { ...withServerDefaults(object), metadata };
    stored.ownership = ownership;
    if (dryRun) return structuredClone(stored.object);
    this.#entries.set(keyOf(referenceOf(stored.object)), stored);
    reconcile(stored, this.#breakage);
    return structuredClone(stored.object);
  }
}

function keyOf({ apiVersion, kind, namespace = "", name }: ObjectReference): string {
  return JSON.stringify([groupOf(apiVersion), kind, namespace, name]);
}

function notFound(reference: ObjectReference): ApiError {
  return new ApiError(404, "NotFound", `${resource(reference)} "${reference.name}" not found`);
}

/** `deployments.apps`, as messages name a kind. */
function resource({ apiVersion, kind }: ObjectReference): string {
  const group = groupOf(apiVersion);
  return group === "" ? plural(kind) : `${plural(kind)}.${group}`;
}
