import { isObject, type Properties } from "../rpc/values.ts";

/** A Kubernetes object as JSON. */
export interface KubernetesObject extends Properties {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

export interface Metadata extends Properties {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Which object is meant. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for objects of the whole cluster. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

export function referenceOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectReference {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

/** `namespace/name`, which is a resource's id. */
export function fullName({ namespace, name }: { namespace?: string | undefined; name: string }): string {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** A member deep within an object, and undefined where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isObject(inner) || Array.isArray(inner) ? (inner as Properties)[key] : undefined),
    value,
  );
}

export function annotation(object: unknown, name: string): string | undefined {
  return at(object, "metadata", "annotations", `${name}`) as string | undefined;
}

export function isAnnotated(object: unknown, name: string): boolean {
  return annotation(object, name) === "true";
}

/** The condition of a type in an object's status. */
export function condition(object: unknown, type: string): Properties | undefined {
  const conditions = (at(object, "status", "conditions") ?? []) as Properties[];
  return conditions.find((found) => found.type === type);
}

/** The plural, lower-case name of a kind, as in URLs and messages. */
export function plural(kind: string): string {
  const name = kind.toLowerCase();
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|ch|x)$/.test(name) ? `${name}es` : `${name}s`;
}

/** API group of an apiVersion. Empty for core. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}
