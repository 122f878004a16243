import { isObject } from "../../features/feature-problem.ts";
import type { FeatureRows } from "../../features/feature-rows.ts";
import { readColumns } from "../../features/read-columns.ts";
import { readInstances } from "../../features/read-instances.ts";
import { readTable } from "../../features/read-table.ts";
import type { FrameContext } from "./data-frame.ts";

/**
 * Reads `instances`: rows as objects with a value a feature, or as arrays, in the order of the model's features.
 *
 * @throws InvalidFeatures
 * @throws TooManyRows
 */
export function readRows(given: unknown, context: FrameContext, path = "instances"): FeatureRows {
  const { columns } = context;
  const [first] = Array.isArray(given) ? given : [];
  if (!Array.isArray(given) || isObject(first)) return readInstances(columns, given, context, path);
  const rows = columns.length === 1 && !Array.isArray(first) ? given.map((value) => [value]) : given;
  return readTable(columns, { names: undefined, rows, paths: { names: path, rows: path } }, context);
}

/**
 * Reads `inputs`: an object with an array a feature or, of a single row, a value a feature; or rows, as `instances` has
 * them.
 *
 * @throws InvalidFeatures
 * @throws TooManyRows
 */
export function readInputs(given: unknown, context: FrameContext): FeatureRows {
  const path = "inputs";
  if (!isObject(given)) return readRows(given, context, path);
  const values = Object.values(given);
  if (values.length > 0 && !values.some(Array.isArray)) return readRows([given], context, path);
  // The graph's only input by its own name, which the model's features don't show.
  if (context.unnamed && values.length === 1 && isNested(values[0])) return readRows(values[0], context, path);
  if (!values.some(isNested)) return readColumns(context.columns, given, context);
  const flat = Object.entries(given).map(([name, value]) => [name, withoutNesting(value)]);
  return readColumns(context.columns, Object.fromEntries(flat), context);
}

/** An array of shape [rows, 1] as one of [rows], which is what a graph with an input a feature may take. */
function withoutNesting(value: unknown): unknown {
  return isNested(value) && value.every((item) => Array.isArray(item) && item.length === 1) ? value.flat() : value;
}

function isNested(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && Array.isArray(value[0]);
}
