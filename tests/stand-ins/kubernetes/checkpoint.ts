import { isObject, keepSecrets, type Properties, plainProperties, secret } from "../rpc/values.ts";
import type { KubernetesObject } from "./objects.ts";

/** What the state of an object's resource holds besides the live object. */
export interface Checkpoint {
  readonly inputs: Properties;
  readonly live: KubernetesObject;
  readonly manager: string;
}

/**
 * The outputs of a resource: the live object, with the inputs and the field manager beside it. What was secret in the inputs is
 * secret, and so are the data of a Secret. Source: checkpointObject of pulumi-kubernetes, provider.go
 */
export function toOutputs({ inputs, live, manager }: Checkpoint, wire: Properties): Properties {
  return {
    ...withSecretData(keepSecrets(live, wire)),
    __inputs: withSecretData(keepSecrets(inputs, wire)),
    __initialApiVersion: live.apiVersion,
    __fieldManager: manager,
  };
}

export function fromOutputs(outputs: Properties): Checkpoint {
  const { __inputs, __initialApiVersion, __fieldManager, ...live } = plainProperties(outputs);
  return { inputs: (__inputs ?? {}) as Properties, live: live as KubernetesObject, manager: String(__fieldManager) };
}

/** Marks the data of a Secret. */
export function withSecretData(object: Properties): Properties {
  if (object.kind !== "Secret") return object;
  const marked = ["data", "stringData"]
    .filter((key) => isObject(object[key]))
    .map((key) => [key, secret(plainProperties({ value: object[key] }).value)]);
  return { ...object, ...Object.fromEntries(marked) };
}
