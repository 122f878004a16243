import type { Random } from "./random.ts";

/**
 * Draws as many rows as there are, with replacement: how often each one was drawn.
 * Rows drawn more than once are kept once with a weight, as scikit-learn does, which is the same tree for less work.
 *
 * @param weights one entry a row, overwritten
 */
export function bootstrapWeights(weights: Uint16Array, random: Random): void {
  weights.fill(0);
  const rows = weights.length;
  for (let draw = 0; draw < rows; draw++) weights[random.below(rows)]! += 1;
}
