import "../../mlflow/no-telemetry.ts";
import { Tensor } from "onnxruntime-node";
import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import type { FeatureRows } from "../features/feature-rows.ts";
import { type ElementType, elementTypes, type Selection } from "./element-types.ts";
import type { ModelColumns } from "./model-columns.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

/** Rows as what a session is fed with. @throws InvalidFeatures for a value beyond the range of its input. */
export type FeedRows = (rows: FeatureRows) => Record<string, Tensor>;

/**
 * Binds columns to a graph's inputs, a tensor each.
 *
 * @param missingText - the text that stands for a missing one.
 * @throws {@link UnsupportedModel} where an input can't hold what its columns may.
 */
export function bindInputs({ columns: specs, inputs }: ModelColumns, missingText = ""): FeedRows {
  const tensors = inputs.map(({ name, type, vector, columns }) => {
    const own = columns.map((at) => specs[at]!);
    const selection: Selection = {
      columns,
      names: own.map((column) => column.name),
      stride: specs.length,
      all: columns.length === specs.length && columns.every((column, at) => column === at),
      missingText,
    };
    return { name, type, vector, width: columns.length, selection, fill: elementType(name, type, own).fill };
  });
  return (rows) => {
    const feeds: Record<string, Tensor> = {};
    for (const { name, type, vector, width, selection, fill } of tensors)
      feeds[name] = new Tensor(
        type as "float64",
        fill(rows, selection) as Float64Array,
        vector ? [rows.count] : [rows.count, width],
      );
    return feeds;
  };
}

function elementType(input: string, type: string, columns: readonly ColumnSpec[]): ElementType {
  const element = elementTypes[type];
  if (!element)
    throw new UnsupportedModel(
      `its input ${input} holds ${type}, expected one of ${Object.keys(elementTypes).join(", ")}`,
    );
  for (const column of columns) {
    if (!element.holds.includes(column.type))
      throw new UnsupportedModel(
        `its input ${input} (${type}) can't hold column ${column.name} (${column.type}): log it with a signature of its own types, one of ${element.holds.join(", ")} here`,
      );
    if (!column.required && !element.holdsMissing)
      throw new UnsupportedModel(
        `column ${column.name} may be missing, and its input ${input} (${type}) can't hold that: make it required, or the input a float`,
      );
  }
  return element;
}
