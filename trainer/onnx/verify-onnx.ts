import type { Answers } from "../answers.ts";

/** The greatest difference of a probability that {@link verifyAnswers} lets pass. */
const probabilityTolerance = 1e-6;

/**
 * Compares ONNX Runtime's answers with the forest's, row by row.
 *
 * @param classes label of each probability column
 * @param columns the rows that both answered, one array a feature, for the error
 * @throws Error that names the first row where the label differs, or a probability by more than 1e-6 (or is NaN), with its values.
 */
export function verifyAnswers(
  onnx: Answers,
  forest: Answers,
  classes: readonly number[],
  columns: readonly Float64Array[],
): void {
  const rows = forest.predictions.length;
  if (onnx.predictions.length !== rows)
    throw new Error(`expected ${rows} answers of ONNX Runtime, got ${onnx.predictions.length}`);
  const fail = (row: number, what: string, expected: number | undefined, actual: number | undefined) => {
    const values = columns.map((column) => column[row]).join(", ");
    return new Error(
      `ONNX Runtime and the forest disagree at row ${row} of ${rows}: ` +
        `expected ${what} ${expected}, got ${actual}; features [${values}]`,
    );
  };
  for (let row = 0; row < rows; row += 1) {
    for (const [index, label] of classes.entries()) {
      const position = row * classes.length + index;
      const [expected, actual] = [forest.probabilities[position]!, onnx.probabilities[position]!];
      if (!(Math.abs(expected - actual) <= probabilityTolerance))
        throw fail(row, `probability of class ${label}`, expected, actual);
    }
    if (onnx.predictions[row] !== forest.predictions[row])
      throw fail(row, "label", forest.predictions[row], onnx.predictions[row]);
  }
}
