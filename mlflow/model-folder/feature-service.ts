import { MlflowError } from "../error.ts";
import { jsonParser } from "./schema.ts";
import type { FeatureServiceSpec } from "./types.ts";

const text = { type: "string", minLength: 1 };

/** As Python names things, since Python may read it. */
interface Stored {
  readonly project: string;
  readonly name: string;
  readonly join_keys: FeatureServiceSpec["joinKeys"];
  readonly features: readonly {
    readonly name: string;
    readonly view: string;
    readonly feature: string;
    readonly ttl_seconds: number;
  }[];
}

const parse = jsonParser<Stored>({
  type: "object",
  required: ["project", "name", "join_keys", "features"],
  properties: {
    project: text,
    name: text,
    join_keys: {
      type: "array",
      items: { type: "object", required: ["name", "type"], properties: { name: text, type: text } },
    },
    features: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "view", "feature", "ttl_seconds"],
        properties: { name: text, view: text, feature: text, ttl_seconds: { type: "number", minimum: 0 } },
      },
    },
  },
});

/** The text of feature_service.json. */
export function featureServiceJson({ project, name, joinKeys, features }: FeatureServiceSpec): string {
  const stored: Stored = {
    project,
    name,
    join_keys: joinKeys.map(({ name, type }) => ({ name, type })),
    features: features.map(({ name, view, feature, ttlSeconds }) => ({ name, view, feature, ttl_seconds: ttlSeconds })),
  };
  return `${JSON.stringify(stored, undefined, 1)}\n`;
}

/**
 * Reads a feature service.
 *
 * @param columns - of the model's signature.
 * @throws MlflowError naming `where` and what is not as expected.
 */
export function parseFeatureService(text: string, columns: readonly string[], where: string): FeatureServiceSpec {
  const { project, name, join_keys, features } = parse(text, where);
  checkFeatureNames({ features }, columns, where);
  return {
    project,
    name,
    joinKeys: join_keys.map(({ name, type }) => ({ name, type })),
    features: features.map(({ name, view, feature, ttl_seconds }) => ({
      name,
      view,
      feature,
      ttlSeconds: ttl_seconds,
    })),
  };
}

/** Checks that a service has a feature a column. @throws MlflowError */
export function checkFeatureNames(
  { features }: { readonly features: readonly { readonly name: string }[] },
  columns: readonly string[],
  where: string,
): void {
  const names = features.map(({ name }) => name);
  if (names.join("\n") === columns.join("\n")) return;
  throw new MlflowError(`${where}: expected the signature's columns ${columns.join(", ")}, got ${names.join(", ")}`);
}
