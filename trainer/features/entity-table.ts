import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { FeatureError, listed } from "./feature-error.ts";
import { parquetTable } from "./parquet-table.ts";
import { escapeGlob, literal } from "./sql.ts";
import { type Column, kindOf, type Table, tableOf } from "./table.ts";

/** The column with the time as of which an entity row gets its features. */
export const eventTimestamp = "event_timestamp";

const csv = /\.(csv|tsv)(\.gz|\.zst)?$/i;

/**
 * Opens the entity rows: Parquet or CSV with join keys, event_timestamp, and anything else.
 *
 * @param keyTypes - join key → its DuckDB type in the feature data, which a CSV file is read with.
 * @throws FeatureError where the file can't be read, or lacks a join key or event_timestamp.
 */
export async function entityTable(
  connection: DuckDBConnection,
  path: string,
  keyTypes: ReadonlyMap<string, string>,
): Promise<Table> {
  const table = csv.test(path)
    ? await csvTable(connection, resolve(path), keyTypes)
    : await parquetTable(connection, "the entity rows (CSV is told by its ending, .csv)", resolve(path), "");
  const missing = [eventTimestamp, ...keyTypes.keys()].filter((name) => !find(table, name));
  if (missing.length > 0)
    throw new FeatureError(
      `expected the entity rows to have the columns ${listed([...keyTypes.keys(), eventTimestamp])}, ` +
        `got ${listed(table.columns.map(({ name }) => name))} in ${table.path}: add ${listed(missing)}`,
    );
  const time = find(table, eventTimestamp)!;
  if (!["time", "text"].includes(kindOf(time.type)))
    throw new FeatureError(
      `expected ${eventTimestamp} in ${table.path} to be a timestamp, got ${time.type}: convert it (naive ones are UTC)`,
    );
  return table;
}

/** The column of that exact name. */
export function find(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

async function csvTable(
  connection: DuckDBConnection,
  path: string,
  keyTypes: ReadonlyMap<string, string>,
): Promise<Table> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new FeatureError(`expected the entity rows at ${path}: there's no such file`);
  const file = literal(escapeGlob(path));
  try {
    const header = await connection.runAndReadAll(`from read_csv(${file}, header = false, all_varchar = true) limit 1`);
    const names = header.getRows()[0]?.map((name) => String(name ?? "")) ?? [];
    // A reader's name for a column may differ from the file's where two are the same but for case.
    const described = await connection.runAndReadAll(
      `describe from read_csv(${file}, header = true, sample_size = -1)`,
    );
    const columns = described.getRows().map(([given, type], place) => {
      const name = names[place] ?? String(given);
      const wanted = name === eventTimestamp ? "VARCHAR" : keyTypes.get(name);
      return { given: String(given), name, type: wanted ?? String(type) };
    });
    const types = columns.map(({ given, type }) => `${literal(given)}: ${literal(type)}`).join(", ");
    const reader = `read_csv(${file}, header = true, sample_size = -1, types = {${types}})`;
    return tableOf(path, reader, columns);
  } catch (cause) {
    throw new FeatureError(`expected CSV with a header in ${path}: ${(cause as Error).message}`, { cause });
  }
}
