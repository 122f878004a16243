import type { TrainingSet } from "./features/index.ts";

/**
 * The rows that have a label, in their order.
 *
 * @throws Error where a label isn't an integer, no row has one, or a feature is infinite.
 */
export function labelledRows(set: TrainingSet): TrainingSet {
  const wrong = set.label.findIndex((label) => !Number.isNaN(label) && !Number.isSafeInteger(label));
  if (wrong >= 0)
    throw new Error(
      `expected integers in the label column ${set.labelName}, got ${set.label[wrong]} ` +
        `at ${new Date(set.eventTimestamp[wrong]!).toISOString()}: a classifier's labels are classes, such as 0 and 1`,
    );
  checkFinite(set);
  const has = (_: unknown, row: number) => !Number.isNaN(set.label[row]);
  const label = set.label.filter(has);
  if (label.length === 0)
    throw new Error(`expected labels in the column ${set.labelName}, got ${set.rows} rows without one`);
  if (label.length === set.rows) return set;
  return {
    ...set,
    rows: label.length,
    label,
    eventTimestamp: set.eventTimestamp.filter(has),
    features: set.features.map((feature) => ({ ...feature, values: feature.values.filter(has) })),
  };
}

/** An infinite value has no place in JSON, so neither a request nor the golden sample could hold it. */
function checkFinite({ features, eventTimestamp }: TrainingSet): void {
  for (const { name, values } of features) {
    const row = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
    if (row >= 0)
      throw new Error(
        `expected finite or missing values of feature ${name}, got ${values[row]} ` +
          `at ${new Date(eventTimestamp[row]!).toISOString()}: make it null, or bound it in the feature view`,
      );
  }
}
