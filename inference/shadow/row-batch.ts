import type { FeatureRows, Predictions } from "../features/feature-rows.ts";

/** Rows with the answers that they got. */
export interface AnsweredRows {
  readonly rows: FeatureRows;
  readonly predictions: Predictions;
}

/** Gathers answered rows of one model in memory that is taken once: adding copies numbers, and no more. */
export class RowBatch {
  readonly #room: number;
  readonly #columns: number;
  readonly #classes: number;
  readonly #values: Float64Array;
  readonly #probabilities: Float64Array;
  readonly #predicted: Float64Array | string[];
  readonly #texts: readonly (string[] | undefined)[] | undefined;
  #count = 0;

  /**
   * @param like - rows of the same model, which say how many numbers a row has.
   * @param numbers - that fit in at most, so that a model of many columns takes no more memory than one of few.
   */
  constructor({ rows, predictions }: AnsweredRows, numbers: number) {
    this.#columns = rows.values.length / rows.count;
    this.#classes = predictions.classes;
    this.#room = Math.max(1, Math.floor(numbers / (this.#columns + this.#classes + 1)));
    this.#values = new Float64Array(this.#room * this.#columns);
    this.#probabilities = new Float64Array(this.#room * this.#classes);
    this.#predicted = predictions.values instanceof Float64Array ? new Float64Array(this.#room) : [];
    this.#texts = rows.texts?.map((texts) => texts && []);
  }

  get count(): number {
    return this.#count;
  }

  /** Takes the first rows of them, as many as there is room for. @returns how many. */
  add({ rows, predictions }: AnsweredRows): number {
    const count = Math.min(rows.count, this.#room - this.#count);
    if (count === 0) return 0;
    const at = this.#count;
    this.#values.set(head(rows.values, count * this.#columns), at * this.#columns);
    this.#probabilities.set(head(predictions.probabilities, count * this.#classes), at * this.#classes);
    if (this.#predicted instanceof Float64Array)
      this.#predicted.set(head(predictions.values as Float64Array, count), at);
    else for (let row = 0; row < count; row++) this.#predicted.push(predictions.values[row] as string);
    for (const [feature, texts] of this.#texts?.entries() ?? [])
      for (let row = 0; texts && row < count; row++) texts.push(rows.texts![feature]![row]!);
    this.#count += count;
    return count;
  }

  /** What was added, in order; its memory is used anew after {@link clear}. */
  read(): AnsweredRows {
    const count = this.#count;
    const predicted = this.#predicted;
    return {
      rows: { count, values: head(this.#values, count * this.#columns), ...(this.#texts && { texts: this.#texts }) },
      predictions: {
        values: predicted instanceof Float64Array ? head(predicted, count) : predicted,
        probabilities: head(this.#probabilities, count * this.#classes),
        classes: this.#classes,
      },
    };
  }

  clear(): void {
    this.#count = 0;
    if (!(this.#predicted instanceof Float64Array)) this.#predicted.length = 0;
    for (const texts of this.#texts ?? []) if (texts) texts.length = 0;
  }
}

function head(numbers: Float64Array, length: number): Float64Array {
  return numbers.length === length ? numbers : numbers.subarray(0, length);
}
