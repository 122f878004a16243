import type { ColumnSpec } from "../../mlflow/model-folder.ts";

/** What a model takes and gives: plain data, which other threads and documents can be made from. */
export interface ModelSchema {
  /** The features of a row, in order. */
  readonly columns: readonly ColumnSpec[];
  /** A classifier has a label, and mostly a probability a class; a regressor has a value. */
  readonly task: "classification" | "regression";
  /** JSON type of a prediction. */
  readonly prediction: "integer" | "number" | "string";
  /** Whether it gives probabilities: no regressor does, nor a classifier that has scores alone. */
  readonly probabilities: boolean;
  /** Label of each probability, in order; absent where nothing says them, and of a regressor. */
  readonly classes?: readonly (number | string)[];
}
