import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DuckDBConnection } from "@duckdb/node-api";
import { FeatureError } from "./feature-error.ts";
import { escapeGlob, literal } from "./sql.ts";
import { type Table, tableOf } from "./table.ts";

/**
 * Describes Parquet: a file, a folder of `.parquet` files (at any depth) or a glob of files.
 *
 * @param what - what it is for, in messages.
 * @param uri - absolute, or relative to `dir`.
 * @throws FeatureError where nothing is there or it is no Parquet.
 */
export async function parquetTable(
  connection: DuckDBConnection,
  what: string,
  uri: string,
  dir: string,
): Promise<Table> {
  const { path, pattern } = locate(what, uri, dir);
  const reader = `read_parquet(${literal(pattern)})`;
  try {
    const described = await connection.runAndReadAll(`describe from ${reader}`);
    const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    const names = await namesInFile(connection, pattern);
    return tableOf(
      path,
      reader,
      columns.map(({ name, type }, place) => ({ name: names[place] ?? name, type })),
    );
  } catch (cause) {
    throw new FeatureError(`expected ${what} at ${path} to be Parquet: ${(cause as Error).message}`, { cause });
  }
}

/** The names as the (first) file has them: DuckDB renames those that differ in case only, and appends a folder's keys. */
async function namesInFile(connection: DuckDBConnection, pattern: string): Promise<string[]> {
  const sql = `select file_name, name, num_children from parquet_schema(${literal(pattern)})`;
  const result = await connection.runAndReadAll(sql);
  const [root, ...schema] = result.getRowObjects();
  const names: string[] = [];
  for (let place = 0, left = Number(root?.num_children ?? 0); left > 0 && place < schema.length; left--) {
    names.push(String(schema[place]?.name));
    for (let inner = 1; inner > 0; place++) inner += Number(schema[place]?.num_children ?? 0) - 1;
  }
  return names;
}

function locate(what: string, uri: string, dir: string): { path: string; pattern: string } {
  const local = uri.startsWith("file://") ? fileURLToPath(uri) : uri;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(local))
    throw new FeatureError(
      `expected ${what} to be on this machine, got ${uri}: object storage is not supported; copy it and name the copy`,
    );
  const path = join(local.startsWith("/") ? "" : dir, local);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return { path, pattern: escapeGlob(path) };
  if (found && globSync("**/*.parquet", { cwd: path }).length > 0)
    return { path, pattern: join(escapeGlob(path), "**/*.parquet") };
  if (found) throw new FeatureError(`expected ${what} at ${path}: that folder has no .parquet file`);
  const pattern = join(local.startsWith("/") ? "" : escapeGlob(dir), local);
  if (/[*?[]/.test(local) && globSync(pattern).length > 0) return { path, pattern };
  throw new FeatureError(`expected ${what} at ${path}: there's no such file, folder or glob`);
}
