/** Most classes that a forest takes: more distinct labels than that are hardly classes. */
const classLimit = 1024;

/** Labels as class numbers. */
export interface EncodedLabels {
  /** The distinct labels, ascending. */
  readonly classes: readonly number[];
  /** Index into `classes` of each row, in memory that threads share. */
  readonly codes: Int32Array;
}

/** @throws RangeError where a label isn't an integer, or there are too many different ones */
export function encodeLabels(labels: ArrayLike<number>): EncodedLabels {
  const codes = new Int32Array(new SharedArrayBuffer(4 * labels.length));
  const seen = new Set<number>();
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (!Number.isSafeInteger(label))
      throw new RangeError(`labels must be integers, one a class: got ${label} in row ${row}`);
    seen.add(label);
    if (seen.size > classLimit)
      throw new RangeError(`labels must be of at most ${classLimit} classes: row ${row} has yet another, ${label}`);
  }
  const classes = Array.from(seen, (label) => label + 0).sort((a, b) => a - b);
  const code = new Map(classes.map((label, index) => [label, index]));
  for (let row = 0; row < labels.length; row++) codes[row] = code.get(labels[row]!)!;
  return { classes, codes };
}

/** @throws RangeError where the columns aren't as long as the labels, or a value is infinite */
export function checkColumns(columns: readonly Float64Array[], rows: number): void {
  if (columns.length === 0) throw new RangeError("expected at least one feature, got none");
  if (rows === 0) throw new RangeError("expected at least one row, got none");
  columns.forEach((column, feature) => {
    if (column.length !== rows)
      throw new RangeError(
        `feature ${feature} must have as many values as there are rows (${rows}), got ${column.length}`,
      );
    const row = column.findIndex((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY);
    if (row >= 0)
      throw new RangeError(`feature ${feature} must be finite or NaN (missing): got ${column[row]} in row ${row}`);
  });
}

/** Most rows that the `cart` learner takes: a tree over so many takes seconds. */
const cartRowLimit = 4000;

/** @throws RangeError where the rows are more than the `cart` learner can take, or have missing values */
export function checkCartRows(columns: readonly Float64Array[], rows: number): void {
  if (rows > cartRowLimit)
    throw new RangeError(
      `treeLearner 'cart' takes at most ${cartRowLimit} rows, got ${rows}: ml-cart tries each split against each row, so that its time grows with the square of the rows. Use treeLearner 'histogram'.`,
    );
  columns.forEach((column, feature) => {
    const row = column.findIndex(Number.isNaN);
    if (row >= 0)
      throw new RangeError(
        `treeLearner 'cart' takes no missing values: feature ${feature} has one in row ${row}. Use treeLearner 'histogram'.`,
      );
  });
}
