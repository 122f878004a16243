import "../../mlflow/no-telemetry.ts";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Answers } from "../answers.ts";
import { inputName, labelName, probabilityName } from "./export-forest.ts";

/** Rows that one run takes: bounds the memory, and leaves room for other work between two runs. */
const blockRows = 10_000;

/** An exported forest in ONNX Runtime. */
export class OnnxModel {
  readonly #session: InferenceSession;
  readonly #classes: readonly number[];

  private constructor(session: InferenceSession, classes: readonly number[]) {
    this.#session = session;
    this.#classes = classes;
  }

  /**
   * Loads what `exportForest` wrote.
   *
   * @param classes the forest's labels, which name the outputs
   */
  static async load(onnx: Uint8Array, classes: readonly number[]): Promise<OnnxModel> {
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
    return new OnnxModel(await InferenceSession.create(onnx, options), classes);
  }

  /** The answers for `columns`, one array a feature, all equally long; NaN is a missing value. */
  async predict(columns: readonly Float64Array[], signal?: AbortSignal): Promise<Answers> {
    const rows = columns[0]?.length ?? 0;
    const predictions = new Float64Array(rows);
    const probabilities = new Float64Array(rows * this.#classes.length);
    for (let start = 0; start < rows; start += blockRows) {
      signal?.throwIfAborted();
      const end = Math.min(rows, start + blockRows);
      const outputs = await this.#session.run({ [inputName]: rowMajor(columns, start, end) });
      const labels = outputs[labelName]!.data as BigInt64Array;
      labels.forEach((label, row) => {
        predictions[start + row] = Number(label);
      });
      this.#classes.forEach((name, index) => {
        const column = outputs[probabilityName(name)]!.data as Float64Array;
        column.forEach((probability, row) => {
          probabilities[(start + row) * this.#classes.length + index] = probability;
        });
      });
    }
    return { predictions, probabilities };
  }

  /** Frees the session's memory. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

function rowMajor(columns: readonly Float64Array[], start: number, end: number): Tensor {
  const data = new Float64Array((end - start) * columns.length);
  columns.forEach((column, index) => {
    for (let row = start; row < end; row += 1) data[(row - start) * columns.length + index] = column[row]!;
  });
  return new Tensor("float64", data, [end - start, columns.length]);
}
