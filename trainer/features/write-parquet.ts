import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join as joinPath, resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { eventTimestamp } from "./entity-table.ts";
import { FeatureError, listed } from "./feature-error.ts";
import type { PreparedJoin } from "./prepare-join.ts";
import { identifier, literal } from "./sql.ts";

/**
 * Writes the joined rows as Parquet: the columns of the entity rows, then the features.
 *
 * @returns the number of rows.
 * @throws FeatureError where two columns have the same name, or names that differ in case only, or the path is that of
 * the entity rows.
 */
export async function writeParquet(connection: DuckDBConnection, join: PreparedJoin, path: string): Promise<number> {
  const carried = join.entities.columns.map(({ name, sql }) => ({
    name,
    sql: `entity.${name === eventTimestamp ? "at" : sql}`,
  }));
  const columns = [...carried, ...join.features];
  checkNames(columns.map(({ name }) => name));
  const target = resolve(path);
  if (target === join.entities.path)
    throw new FeatureError(`expected another file to write than the entity rows, got ${target} for both`);
  const select = columns.map(({ name, sql }) => `${sql} as ${identifier(name)}`).join(", ");
  const sql = `select ${select} from ${join.from} order by entity.place`;
  await mkdir(dirname(target), { recursive: true });
  const part = joinPath(dirname(target), `.${basename(target)}.${process.pid}.part`);
  try {
    const result = await connection.runAndReadAll(
      `copy (${sql}) to ${literal(part)} (format parquet, compression zstd)`,
    );
    await rename(part, target);
    return Number(result.getRows()[0]?.[0]);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** DuckDB would rename the second of two such columns without a word. */
function checkNames(names: readonly string[]): void {
  const lower = names.map((name) => name.toLowerCase());
  const same = names.filter((_, place) => lower.indexOf(lower[place]!) !== lower.lastIndexOf(lower[place]!));
  if (same.length === 0) return;
  throw new FeatureError(
    `expected columns with different names (apart from case), got ${listed(same)}: ` +
      "rename a column of the entity rows, or ask for full feature names (view__feature)",
  );
}
