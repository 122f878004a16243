/** What the engine sends for a value that a preview can't know yet. Source: pulumi/sdk/go/common/resource/plugin/rpc.go */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** A resource's inputs or outputs, as they come over the wire: secrets are wrapped, unknown values are {@link UNKNOWN}. */
export type Properties = Record<string, unknown>;

/** Whether this is an object with keys, as opposed to a list, null or a scalar. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Wraps a value as a secret. */
export function secret(value: unknown): Properties {
  return { [signatureKey]: secretSignature, value };
}

export function isSecret(value: unknown): value is { value: unknown } {
  return isObject(value) && value[signatureKey] === secretSignature;
}

/** The value without the wrapping of secrets and outputs, at any depth. Members that are undefined are left out. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (isSecret(value)) return plain(value.value);
  if (value[signatureKey] === outputSignature) return "value" in value ? plain(value.value) : UNKNOWN;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, plain(member)]));
}

/** {@link plain} of an object. */
export function plainProperties(properties: Properties): Properties {
  return plain(properties) as Properties;
}

export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

export function containsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(containsSecret);
  return isObject(value) && Object.values(value).some(containsSecret);
}

/**
 * Outputs in which all that was secret in the inputs is secret again. A list with a secret in it becomes one secret, since its
 * order isn't certain. Source: annotateSecrets of pulumi-kubernetes, provider.go
 */
export function keepSecrets(outputs: Properties, inputs: Properties): Properties {
  const kept = Object.entries(outputs).map(([key, output]) => {
    const input = inputs[key];
    if (isObject(output) && isObject(input) && !isSecret(input)) return [key, keepSecrets(output, input)];
    return [key, containsSecret(input) && !isSecret(output) ? secret(output) : output];
  });
  return Object.fromEntries(kept);
}
