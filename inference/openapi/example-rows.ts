import type { ColumnSpec, FeatureBaseline } from "../../mlflow/model-folder.ts";
import type { DescribedModel } from "./described-model.ts";

/** A value of a row, as a request has it. */
export type ExampleValue = number | string | boolean;

/**
 * Rows that a reader can send as they are, an array a feature: the first, second and third quartile of the training's
 * rows as far as the baseline knows them, else one row of zeros.
 */
export function exampleColumns({ schema, baseline = [] }: DescribedModel): Record<string, ExampleValue[]> {
  const quantiles = baseline.length > 0 ? [0.25, 0.5, 0.75] : [0];
  return Object.fromEntries(
    schema.columns.map((column) => {
      const known = baseline.find(({ name }) => name === column.name);
      return [column.name, quantiles.map((quantile) => toValue(column, known ? valueAt(known, quantile) : 0))];
    }),
  );
}

/** The same rows as objects. */
export function exampleInstances(model: DescribedModel): Record<string, ExampleValue>[] {
  const columns = Object.entries(exampleColumns(model));
  const rows = columns[0]?.[1] ?? [];
  return rows.map((_, row) => Object.fromEntries(columns.map(([name, values]) => [name, values[row]!])));
}

/** The inner bin edges are deciles; a feature of one value has none. */
function valueAt({ edges, min }: FeatureBaseline, quantile: number): number {
  const value = edges[Math.round(quantile * (edges.length - 1))] ?? min;
  return Number.isFinite(value) ? value : 0;
}

/** Short enough to be read, and of the column's type. */
function toValue({ type }: ColumnSpec, value: number): ExampleValue {
  if (type === "string") return "a";
  if (type === "boolean") return value > 0.5;
  const short = Number(value.toPrecision(4));
  return type === "double" || type === "float" ? short : Math.round(short);
}
