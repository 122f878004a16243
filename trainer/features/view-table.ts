import type { DuckDBConnection } from "@duckdb/node-api";
import { FeatureError, listed } from "./feature-error.ts";
import { parquetTable } from "./parquet-table.ts";
import type { SelectedView } from "./resolve-features.ts";
import { type Column, kindOf, type Table } from "./table.ts";

/** The rows of a feature view: its Parquet, and which of its columns are what. */
export interface ViewTable {
  readonly view: SelectedView;
  readonly table: Table;
  /** In the order of the view's join keys. */
  readonly keys: readonly Column[];
  readonly timestamp: Column;
  readonly created: Column | undefined;
  /** In the order of the selected features. */
  readonly features: readonly Column[];
}

/**
 * Opens the Parquet of a feature view.
 *
 * @param dir - the repository, where relative paths begin.
 * @throws FeatureError where the files or a column is missing, or a timestamp is none.
 */
export async function viewTable(connection: DuckDBConnection, view: SelectedView, dir: string): Promise<ViewTable> {
  const { source } = view;
  const table = await parquetTable(connection, `the data of feature view ${view.view.name}`, source.uri, dir);
  const columns = mapFields(view, table);
  const column = (name: string, what: string) => {
    const found = columns.get(name);
    if (found) return found;
    throw new FeatureError(
      `expected ${what} ${name} of feature view ${view.view.name} in ${table.path}: its columns are ` +
        `${listed(columns.keys())}; correct the view's definition or its field mapping (feast apply), or the file`,
    );
  };
  const time = (name: string, what: string) => {
    // Feast's definitions name it either as it is in the file or as the field mapping calls it.
    const found = column(columns.has(name) ? name : (source.fieldMapping[name] ?? name), what);
    if (["time", "text"].includes(kindOf(found.type))) return found;
    throw new FeatureError(`expected ${what} ${name} in ${table.path} to be a timestamp, got ${found.type}`);
  };
  return {
    view,
    table,
    keys: view.joinKeys.map((key) => column(key.view, "the join key")),
    timestamp: time(source.timestampField, "the timestamp field"),
    created: source.createdTimestampColumn
      ? time(source.createdTimestampColumn, "the created timestamp column")
      : undefined,
    features: view.features.map(({ feature }) => column(feature, "the feature")),
  };
}

/** The file's columns by the names that the view knows them by. */
function mapFields(view: SelectedView, table: Table): Map<string, Column> {
  const columns = new Map<string, Column>();
  for (const column of table.columns) {
    const name = view.source.fieldMapping[column.name] ?? column.name;
    const mapped = name !== column.name;
    if (!columns.has(name) || mapped) columns.set(name, column);
  }
  return columns;
}
