import type { Answers } from "../../trainer/answers.ts";

/** How far a probability may be off: what a float of 32 bits makes of one, and more. */
const tolerance = 1e-6;

/**
 * Holds a server's answers against the model's own.
 *
 * @param who - for the message.
 * @throws Error naming the first row that differs.
 */
export function checkAnswers(who: string, got: Answers, expected: Answers): void {
  for (const kind of ["predictions", "probabilities"] as const)
    if (got[kind].length !== expected[kind].length)
      throw new Error(`${who}: expected ${expected[kind].length} ${kind}, got ${got[kind].length}`);
  const classes = expected.probabilities.length / expected.predictions.length;
  for (const [row, label] of expected.predictions.entries()) {
    const probabilities = (from: Answers) => [...from.probabilities.subarray(row * classes, (row + 1) * classes)];
    const [wanted, found] = [probabilities(expected), probabilities(got)];
    if (got.predictions[row] === label && wanted.every((value, at) => Math.abs(value - found[at]!) <= tolerance))
      continue;
    throw new Error(
      `${who}, row ${row}: expected the label ${label} with the probabilities ${wanted.join(", ")}, ` +
        `got ${got.predictions[row]} with ${found.join(", ")}`,
    );
  }
}
