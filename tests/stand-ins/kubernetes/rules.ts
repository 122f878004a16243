import { isObject, type Properties } from "../rpc/values.ts";
import type { ApiServer } from "./api-server.ts";
import { readiness } from "./await/readiness.ts";
import { annotation, isAnnotated, type KubernetesObject, referenceOf } from "./objects.ts";

/** In milliseconds: the resource's own, that of its annotation, or ten minutes. */
export function timeoutOf(seconds: number, object: KubernetesObject): number {
  return 1000 * (seconds || Number(annotation(object, "pulumi.com/timeoutSeconds") ?? 0) || 600);
}

/** A Job that is marked so runs anew unless it has completed. */
export async function needsNewRun(api: ApiServer, inputs: KubernetesObject, known: KubernetesObject): Promise<boolean> {
  if (!isAnnotated(inputs, "pulumi.com/replaceUnready") || inputs.kind !== "Job") return false;
  const live = await api.get(referenceOf(known));
  return live !== undefined && !(await readiness(api, live)).ready;
}

export async function placed(api: ApiServer, object: KubernetesObject): Promise<KubernetesObject> {
  return inNamespace(object, (await api.isNamespaced(object)) ?? true) as KubernetesObject;
}

/** Objects without a namespace are in `default`; those of the whole cluster have none. */
export function inNamespace(object: Properties, namespaced: boolean): Properties {
  const { namespace, ...metadata } = (isObject(object.metadata) ? object.metadata : {}) as Properties;
  if (!isObject(object.metadata)) return object;
  return { ...object, metadata: namespaced ? { ...metadata, namespace: namespace ?? "default" } : metadata };
}

export function without(object: KubernetesObject, key: string): KubernetesObject {
  const { [key]: _, ...rest } = object;
  return rest as KubernetesObject;
}
