import type { FeatureColumn } from "../../features/feature-column.ts";
import { invalidValue, isObject } from "../../features/feature-problem.ts";
import type { FeatureRows } from "../../features/feature-rows.ts";
import { readInstances } from "../../features/read-instances.ts";
import type { ReadOptions } from "../../features/read-options.ts";
import { readTable, type Table } from "../../features/read-table.ts";

/** What a data frame is read for. */
export interface FrameContext extends ReadOptions {
  readonly columns: readonly FeatureColumn[];
  /** Whether the columns' names are made up, so that a frame's columns are the model's by their places. */
  readonly unnamed: boolean;
}

/** Reads `dataframe_split`: `{"columns": [name, …], "index": […], "data": [[value, …], …]}`, as pandas' `split` has it. */
export function readSplit(given: unknown, context: FrameContext): FeatureRows {
  const path = "dataframe_split";
  if (!isObject(given)) throw invalidValue(path, "an object with columns and data", given);
  for (const name in given)
    if (!["columns", "index", "data"].includes(name))
      throw invalidValue(path, "columns, index and data alone", name, "unknown");
  const { columns: names, data: rows } = given;
  return readFrame({ names, rows, paths: { names: `${path}.columns`, rows: `${path}.data` } }, context);
}

/** Reads `dataframe_records`: `[{name: value, …}, …]`, as pandas' `records` has it. */
export function readRecords(given: unknown, context: FrameContext): FeatureRows {
  const path = "dataframe_records";
  const [first] = Array.isArray(given) ? given : [];
  if (!context.unnamed || !isObject(first)) return readInstances(context.columns, given, context, path);
  const names = Object.keys(first);
  const rows = (given as unknown[]).map((record) => valuesOf(record, names) ?? record);
  return readFrame({ names, rows, paths: { names: `${path}[0]`, rows: path } }, context);
}

/** Reads a frame by its names, or, of a model without names of its own, by its columns' places. */
export function readFrame(table: Table, context: FrameContext): FeatureRows {
  return readTable(context.columns, { ...table, names: ownNames(table.names, context) }, context);
}

/** The names of a frame's columns; undefined where they don't count, because the model has none of its own. */
export function ownNames<T>(names: T, { columns, unnamed }: FrameContext): T | undefined {
  const foreign =
    unnamed && Array.isArray(names) && !names.some((name) => columns.some((column) => column.name === name));
  return foreign ? undefined : names;
}

/** undefined where it isn't a record of just these. */
function valuesOf(record: unknown, names: readonly string[]): unknown[] | undefined {
  if (!isObject(record) || Object.keys(record).length !== names.length) return undefined;
  return names.every((name) => Object.hasOwn(record, name)) ? names.map((name) => record[name]) : undefined;
}
