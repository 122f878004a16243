import { readFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";
import { FeatureError } from "./feature-error.ts";
import type { Registry } from "./feature-view.ts";
import { readRegistry } from "./read-registry.ts";

/** A Feast repository: what its registry defines for its project, and where its relative paths begin. */
export interface FeatureRepository extends Registry {
  /** Absolute path of the folder with `feature_store.yaml`. */
  readonly dir: string;
  readonly project: string;
}

/** Offline stores whose sources are files that DuckDB reads. */
const offlineStores = ["file", "dask", "duckdb"];

/**
 * Opens a Feast repository by its own files: `feature_store.yaml` and the file registry that it names.
 *
 * @param dir - the folder with `feature_store.yaml`.
 * @throws FeatureError where a file is missing or broken, or the registry or the offline store is of another kind.
 */
export async function openFeatureRepository(dir: string): Promise<FeatureRepository> {
  const path = join(resolve(dir), "feature_store.yaml");
  const config = await readConfig(path);
  const project = config.project;
  if (typeof project !== "string" || project === "")
    throw new FeatureError(`expected project in ${path} to be a name, got ${JSON.stringify(project)}`);
  checkOfflineStore(config, path);
  const registry = await readRegistry(registryPath(config.registry, resolve(dir), path), project);
  return { dir: resolve(dir), project, ...registry };
}

async function readConfig(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new FeatureError(`expected a Feast repository: ${path} can't be read`, { cause });
  }
  let config: unknown;
  try {
    config = parse(text);
  } catch (cause) {
    throw new FeatureError(`expected YAML in ${path}: ${(cause as Error).message}`, { cause });
  }
  if (!isObject(config)) throw new FeatureError(`expected ${path} to have project, registry, …, got no mapping`);
  return config;
}

function checkOfflineStore(config: Readonly<Record<string, unknown>>, path: string): void {
  const { offline_store: store = "dask" } = config;
  const type = isObject(store) ? store.type : store;
  if (typeof type === "string" && offlineStores.includes(type)) return;
  throw new FeatureError(
    `expected offline_store in ${path} to be one of ${offlineStores.join(", ")} (Parquet files, joined here), ` +
      `got ${JSON.stringify(type)}: get its historical features with Feast itself and pass them on as a Parquet file`,
  );
}

function registryPath(registry: unknown, dir: string, path: string): string {
  const { registry_type: type = "file", path: location } = isObject(registry) ? registry : { path: registry };
  if (type !== "file" || typeof location !== "string" || /^[a-z][a-z0-9+.-]+:/i.test(location))
    throw new FeatureError(
      `expected registry in ${path} to be a local file, got ${JSON.stringify(registry)}: ` +
        `registries in SQL, Snowflake, a server or object storage are not supported; copy the registry into a file`,
    );
  if (location.includes("$"))
    throw new FeatureError(
      `expected registry in ${path} to be a plain path, got ${location}: environment variables aren't expanded here`,
    );
  return isAbsolute(location) ? location : join(dir, location);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
