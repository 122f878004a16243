import type { Resource, Rule } from "../rule.ts";
import { secretIn } from "../secret-patterns.ts";
import { entriesOf, get, isSecret, isUnknown, opened } from "../values.ts";

/**
 * Secrets are marked as such, so that the state keeps them encrypted, and in Kubernetes only Secrets hold them: whoever may read a
 * Deployment or a ConfigMap reads what is in it, marked or not.
 *
 * Where the marks are gone, as in a policy pack, only the latter can be told.
 */
export const noSecretInPlain: Rule = {
  name: "no-secret-in-plain",
  description:
    "No secret is in plain: not in environments, ConfigMaps or annotations, and elsewhere only marked as a secret.",
  enforcement: "mandatory",
  check(resource) {
    const { type, properties, marked = true } = resource;
    const kubernetes = type.startsWith("kubernetes:");
    if (!kubernetes && !marked) return [];
    const problems: string[] = [];
    if (type === "kubernetes:core/v1:Secret") {
      if (marked) problems.push(...unmarkedData(resource));
      return [...problems, ...secretsIn(get(properties, "metadata"), "metadata", "metadata", true)];
    }
    return secretsIn(properties, "", "", kubernetes);
  },
};

function unmarkedData({ properties }: Resource): string[] {
  if (isSecret(properties)) return [];
  return ["data", "stringData"].flatMap((field) => {
    const data = entriesOf(properties).find(([key]) => key === field)?.[1];
    if (isSecret(data)) return [];
    return entriesOf(data)
      .filter(([, value]) => !isSecret(value) && !isUnknown(opened(value)))
      .map(([key]) => `${field}.${key}: expected a value that is marked as a secret, got a plain one`);
  });
}

/**
 * Every text below a value that looks like a secret.
 *
 * @param name - what the value is called, which may say that it is one.
 * @param evenMarked - whether a mark doesn't keep it from being read.
 */
function secretsIn(value: unknown, path: string, name: string, evenMarked: boolean): string[] {
  if (isSecret(value) && !evenMarked) return [];
  const plain = opened(value);
  if (typeof plain === "string") {
    const kind = isUnknown(plain) ? undefined : secretIn(name, plain);
    return kind === undefined ? [] : [`${path || "(all)"}: expected no secret in plain, got what looks like ${kind}`];
  }
  if (Array.isArray(plain)) {
    return plain.flatMap((element, index) => secretsIn(element, `${path}[${index}]`, name, evenMarked));
  }
  const named = get(plain, "name");
  return entriesOf(plain).flatMap(([key, inner]) => {
    const called = key === "value" && typeof named === "string" ? named : key;
    return secretsIn(inner, path === "" ? key : `${path}.${key}`, called, evenMarked);
  });
}
