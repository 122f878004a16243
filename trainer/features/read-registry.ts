import { readFile } from "node:fs/promises";
import {
  type DataSourceMessage,
  decodeRegistry,
  type EntityMessage,
  type RegistryMessage,
  type ViewMessage,
} from "./decode-registry.ts";
import { feastType } from "./feast-type.ts";
import { FeatureError } from "./feature-error.ts";
import type { FeatureView, FileSource, Projection, Registry } from "./feature-view.ts";

/** `DataSource.SourceType.BATCH_FILE` */
const batchFile = 1;
/** The entity that Feast gives a view without any. */
const dummyEntity = "__dummy";
/** No TTL reaches further back than this, in microseconds: some 3,000 years. */
const unlimited = 1e17;

/**
 * Reads what a file registry (`registry.db`, written by `feast apply`) defines for a project.
 *
 * @throws FeatureError where the file is missing or no registry.
 */
export async function readRegistry(path: string, project: string): Promise<Registry> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new FeatureError(`expected Feast's registry at ${path}, it can't be read: has "feast apply" been run?`, {
      cause,
    });
  }
  const message = decodeRegistry(bytes, path);
  const specs = <T extends { readonly project: string }>(objects: readonly { readonly spec: T }[]) =>
    objects.map((object) => object.spec).filter((spec) => spec?.project === project);
  const entities = new Map(specs(message.entities).map((entity) => [entity.name, entity]));
  const views = [...specs(message.featureViews), ...specs(message.streamFeatureViews)];
  const unsupported = (objects: RegistryMessage["labelViews"], kind: string) =>
    specs(objects).map(({ name }) => [name, kind] as const);
  return {
    views: new Map(views.map((view) => [view.name, featureView(view, entities)])),
    services: new Map(specs(message.featureServices).map(({ name, features }) => [name, features.map(projection)])),
    unsupportedViews: new Map([
      ...unsupported(message.onDemandFeatureViews, "an on-demand feature view"),
      ...unsupported(message.labelViews, "a label view"),
    ]),
  };
}

function featureView(view: ViewMessage, entities: ReadonlyMap<string, EntityMessage>): FeatureView {
  const joinKeys = joinKeysOf(view, entities);
  const ttl = view.ttl ? view.ttl.seconds * 1e6 + Math.floor(view.ttl.nanos / 1000) : 0;
  return {
    name: view.name,
    features: view.features.map(({ name, valueType }) => ({ name, type: feastType(valueType) })),
    joinKeys: joinKeys.map(({ name }) => name),
    joinKeyTypes: joinKeys.map(({ valueType }) => feastType(valueType)),
    ttl: ttl < unlimited ? ttl : 0,
    source: source(view),
  };
}

function joinKeysOf(
  view: ViewMessage,
  entities: ReadonlyMap<string, EntityMessage>,
): readonly { readonly name: string; readonly valueType: number }[] {
  const names = view.entities.filter((entity) => entity !== dummyEntity);
  if (names.length === 0) return [];
  if (view.entityColumns.length > 0) return view.entityColumns;
  // Registries of Feast before 0.24 have no entity columns.
  return names.map((name) => {
    const { joinKey = "", valueType = 0 } = entities.get(name) ?? {};
    return { name: joinKey || name, valueType };
  });
}

function source(view: ViewMessage): FeatureView["source"] {
  if (view.disabled) return { unsupported: "it is disabled: enable it in Feast" };
  if (view.featureTransformation || view.userDefinedFunction || view.sourceViews?.length || view.aggregations?.length)
    return { unsupported: "it transforms its source, which is left to Feast itself" };
  if (!view.batchSource) return { unsupported: "it has no batch source" };
  return fileSource(view.batchSource);
}

function fileSource(message: DataSourceMessage): FileSource | { unsupported: string } {
  const kind = message.dataSourceClassType.split(".").at(-1) || `source type ${message.type}`;
  if (message.type !== batchFile || !message.fileOptions?.uri)
    return { unsupported: `expected a FileSource of Parquet files, got ${kind}` };
  if (message.fileOptions.fileFormat?.deltaFormat) return { unsupported: "expected Parquet files, got a Delta table" };
  return {
    uri: message.fileOptions.uri,
    timestampField: message.timestampField,
    createdTimestampColumn: message.createdTimestampColumn || undefined,
    fieldMapping: message.fieldMapping,
  };
}

type ProjectionMessage = RegistryMessage["featureServices"][number]["spec"]["features"][number];

function projection(message: ProjectionMessage): Projection {
  return {
    view: message.featureViewName,
    name: message.featureViewNameAlias || message.featureViewName,
    features: message.featureColumns.map(({ name, valueType }) => ({ name, type: feastType(valueType) })),
    joinKeyMap: message.joinKeyMap,
    versionTag: message.versionTag,
  };
}
