import { readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import { FeatureError } from "./feature-error.ts";

interface FeatureMessage {
  readonly name: string;
  readonly valueType: number;
}

/** `feast.core.DataSource`, as decoded. */
export interface DataSourceMessage {
  readonly type: number;
  readonly fieldMapping: Readonly<Record<string, string>>;
  readonly timestampField: string;
  readonly createdTimestampColumn: string;
  readonly fileOptions?: { readonly uri: string; readonly fileFormat?: { readonly deltaFormat?: object } };
  readonly dataSourceClassType: string;
}

/** `feast.core.FeatureViewSpec` and `feast.core.StreamFeatureViewSpec`, as decoded. */
export interface ViewMessage {
  readonly name: string;
  readonly project: string;
  readonly entities: readonly string[];
  readonly features: readonly FeatureMessage[];
  readonly entityColumns: readonly FeatureMessage[];
  readonly ttl?: { readonly seconds: number; readonly nanos: number };
  readonly batchSource?: DataSourceMessage;
  readonly sourceViews?: readonly object[];
  readonly aggregations?: readonly object[];
  readonly userDefinedFunction?: object;
  readonly featureTransformation?: object;
  readonly disabled: boolean;
}

interface ProjectionMessage {
  readonly featureViewName: string;
  readonly featureViewNameAlias: string;
  readonly featureColumns: readonly FeatureMessage[];
  readonly joinKeyMap: Readonly<Record<string, string>>;
  readonly versionTag?: number;
}

interface Named {
  readonly name: string;
  readonly project: string;
}

type Specs<T> = readonly { readonly spec: T }[];

/** `feast.core.EntitySpecV2`, as decoded. */
export interface EntityMessage extends Named {
  readonly joinKey: string;
  readonly valueType: number;
}

/** `feast.core.Registry`, as decoded: of every project in it. */
export interface RegistryMessage {
  readonly registrySchemaVersion: string;
  readonly entities: Specs<EntityMessage>;
  readonly featureViews: Specs<ViewMessage>;
  readonly streamFeatureViews: Specs<ViewMessage>;
  readonly onDemandFeatureViews: Specs<Named>;
  readonly labelViews: Specs<Named>;
  readonly featureServices: Specs<Named & { readonly features: readonly ProjectionMessage[] }>;
}

const schema = readFileSync(join(import.meta.dirname, "registry.proto"), "utf8");

/**
 * Decodes a file registry of Feast: one serialized `feast.core.Registry`.
 *
 * @param path - named in errors.
 * @throws FeatureError where the bytes are something else.
 */
export function decodeRegistry(bytes: Uint8Array, path: string): RegistryMessage {
  if (Buffer.from(bytes.subarray(0, 15)).toString("latin1") === "SQLite format 3")
    throw new FeatureError(
      `expected a file registry of Feast at ${path}, found an SQLite database: SQL registries are not supported`,
    );
  const type = protobuf.parse(schema).root.lookupType("Registry");
  let message: RegistryMessage;
  try {
    const options = { longs: Number, defaults: true, arrays: true, objects: true } as const;
    message = type.toObject(type.decode(bytes), options) as RegistryMessage;
  } catch (cause) {
    throw new FeatureError(`expected a Feast registry at ${path}, it can't be decoded: write it again (feast apply)`, {
      cause,
    });
  }
  if (message.registrySchemaVersion !== "1")
    throw new FeatureError(
      `expected a Feast registry of schema version 1 at ${path}, got ${JSON.stringify(message.registrySchemaVersion)}: ` +
        `write it again (feast apply)`,
    );
  return message;
}
