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
  /** What the model folder says of its inputs: named columns, tensors, or nothing. */
  readonly signature: "columns" | "tensors" | "none";
  /** The graph's outputs, in its order, as MLflow answers them by their names. */
  readonly outputs: readonly ModelOutput[];
}

/** One of a graph's outputs. */
export interface ModelOutput {
  readonly name: string;
  /** Of a row: its label or value, its probabilities, those by their labels, or the probability of the class at this place. */
  readonly holds: "prediction" | "probabilities" | "labelled probabilities" | number;
  /** Whether it has the shape [rows, 1], not [rows]; of probabilities, false. */
  readonly nested: boolean;
}
