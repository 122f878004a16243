import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import protobuf from "protobufjs";
import { withDuckDB } from "./duckdb.ts";
import { literal } from "./sql.ts";

/** Numbers of `ValueType.proto`, by the names in `feast.types`. */
const valueTypes = { String: 2, Int32: 3, Int64: 4, Float64: 5, Float32: 6, Bool: 7 } as const;

type Fields = Readonly<Record<string, keyof typeof valueTypes>>;

/** A feature view for a test, over `<name>.parquet` unless it says otherwise. */
export interface TestView {
  readonly name: string;
  readonly features: Fields;
  readonly keys?: Fields;
  readonly ttlSeconds?: number;
  readonly uri?: string;
  readonly created?: string;
  readonly timestamp?: string;
  readonly fieldMapping?: Readonly<Record<string, string>>;
  /** Fields of `feast.core.FeatureViewSpec` or its data source to set as they are. */
  readonly spec?: object;
  readonly source?: object;
}

/** A projection of a view in a service. */
export interface TestProjection {
  readonly view: string;
  readonly alias?: string;
  readonly features: Fields;
  readonly joinKeyMap?: Readonly<Record<string, string>>;
  readonly versionTag?: number;
}

/** What a test's repository holds. */
export interface TestRepository {
  readonly views?: readonly TestView[];
  readonly services?: Readonly<Record<string, readonly TestProjection[]>>;
  readonly onDemandViews?: readonly string[];
  /** File in the repository → the SQL query of its rows. */
  readonly parquet?: Readonly<Record<string, string>>;
  /** File in the repository → its text; replaces `feature_store.yaml` too. */
  readonly files?: Readonly<Record<string, string>>;
}

const yaml = "project: test\nprovider: local\nregistry: registry.db\noffline_store:\n  type: duckdb\n";

/** A folder that the test's end removes. */
export async function testFolder(t: ExecutionContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "features-"));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Makes a Feast repository in a folder of its own, which the test's end removes, and gives its path. */
export async function testRepository(t: ExecutionContext, content: TestRepository): Promise<string> {
  const dir = await testFolder(t);
  await writeFile(join(dir, "registry.db"), await registryOf(content));
  for (const [name, text] of Object.entries({ "feature_store.yaml": yaml, ...content.files }))
    await writeFile(join(dir, name), text);
  await writeRows(dir, content.parquet ?? {});
  return dir;
}

/** Writes Parquet files into a folder: file → the SQL query of its rows. */
export async function writeRows(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  await withDuckDB(async (connection) => {
    for (const [name, query] of Object.entries(files))
      await connection.run(`copy (${query}) to ${literal(join(dir, name))} (format parquet)`);
  });
}

/** Rows of a Parquet file as text, in their order. */
export async function readRows(path: string): Promise<unknown[][]> {
  return withDuckDB(async (connection) => {
    const result = await connection.runAndReadAll(`select columns(*)::varchar from read_parquet(${literal(path)})`);
    return result.getRows();
  });
}

async function registryOf({ views = [], services = {}, onDemandViews = [] }: TestRepository): Promise<Uint8Array> {
  const schema = await readFile(join(import.meta.dirname, "registry.proto"), "utf8");
  const type = protobuf.parse(schema).root.lookupType("Registry");
  const columns = (fields: Fields) =>
    Object.entries(fields).map(([name, valueType]) => ({ name, valueType: valueTypes[valueType] }));
  const message = type.fromObject({
    registrySchemaVersion: "1",
    entities: [{ spec: { name: "entity", project: "test", joinKey: "id", valueType: valueTypes.String } }],
    featureViews: views.map(({ name, features, keys = { id: "Int64" }, spec, source, ...view }) => ({
      spec: {
        name,
        project: "test",
        entities: Object.keys(keys).length > 0 ? ["entity"] : ["__dummy"],
        entityColumns: Object.keys(keys).length > 0 ? columns(keys) : columns({ __dummy_id: "String" }),
        features: columns(features),
        ttl: { seconds: view.ttlSeconds ?? 0 },
        batchSource: {
          type: 1,
          dataSourceClassType: "feast.infra.offline_stores.file_source.FileSource",
          timestampField: view.timestamp ?? "ts",
          createdTimestampColumn: view.created ?? "",
          fieldMapping: view.fieldMapping ?? {},
          fileOptions: { uri: view.uri ?? `${name}.parquet` },
          ...source,
        },
        ...spec,
      },
    })),
    featureServices: Object.entries(services).map(([name, projections]) => ({
      spec: {
        name,
        project: "test",
        features: projections.map(({ view, alias = "", features, joinKeyMap = {}, versionTag }) => ({
          featureViewName: view,
          featureViewNameAlias: alias,
          featureColumns: columns(features),
          joinKeyMap,
          ...(versionTag === undefined ? {} : { versionTag }),
        })),
      },
    })),
    onDemandFeatureViews: onDemandViews.map((name) => ({ spec: { name, project: "test" } })),
  });
  return type.encode(message).finish();
}
