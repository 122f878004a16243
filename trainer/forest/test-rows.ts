import fc from "fast-check";

/** Generated training rows. */
export interface Rows {
  readonly columns: readonly Float64Array[];
  readonly labels: readonly number[];
}

/** Row sets of a few features and classes: whole numbers, so with many equal values; some of them missing if asked for. */
export function arbitraryRows({ missing = true, maxRows = 80, values = 12 } = {}): fc.Arbitrary<Rows> {
  const value = fc.integer({ min: -values, max: values });
  const cell = missing ? fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant(NaN) }) : value;
  return fc
    .record({ rows: fc.integer({ min: 1, max: maxRows }), features: fc.integer({ min: 1, max: 5 }) })
    .chain(({ rows, features }) =>
      fc.record({
        columns: fc.array(
          fc.array(cell, { minLength: rows, maxLength: rows }).map((cells) => Float64Array.from(cells)),
          { minLength: features, maxLength: features },
        ),
        labels: fc.array(fc.constantFrom(-3, 0, 1, 7), { minLength: rows, maxLength: rows }),
      }),
    );
}

/** Rows of distinct values and a label that hangs on the first two of them, with noise: the same ones for a seed. */
export function noisyRows(rows: number, features: number, seed: number): Rows {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const columns = Array.from({ length: features }, () => Float64Array.from({ length: rows }, next));
  const labels = Array.from({ length: rows }, (_, row) => {
    const score = columns[0]![row]! + (columns[1] ?? columns[0]!)[row]! ** 2;
    return score + 0.4 * next() > 1 ? 1 : 0;
  });
  return { columns, labels };
}
