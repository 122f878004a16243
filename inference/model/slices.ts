import type { FeatureRows, Predictions } from "../features/feature-rows.ts";

/** Rows `from` up to `to` of `rows`, without a copy of their numbers. */
export function sliceRows(rows: FeatureRows, from: number, to: number): FeatureRows {
  if (from === 0 && to === rows.count) return rows;
  const features = rows.values.length / rows.count;
  const values = rows.values.subarray(from * features, to * features);
  return { count: to - from, values, ...(rows.texts && { texts: rows.texts.map((texts) => texts?.slice(from, to)) }) };
}

/** Rows of the same features, one after another. */
export function joinRows(parts: readonly FeatureRows[]): FeatureRows {
  const [first] = parts as [FeatureRows];
  if (parts.length === 1) return first;
  let count = 0;
  let size = 0;
  for (const part of parts) {
    count += part.count;
    size += part.values.length;
  }
  const values = new Float64Array(size);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  const texts = first.texts?.map((own, feature) => own && parts.flatMap((part) => part.texts?.[feature] ?? []));
  return { count, values, ...(texts && { texts }) };
}

/** The predictions of rows `from` up to `to`, without a copy of their numbers. */
export function slicePredictions(predictions: Predictions, from: number, to: number): Predictions {
  const { values, probabilities, classes } = predictions;
  if (from === 0 && to === values.length) return predictions;
  return {
    values: values instanceof Float64Array ? values.subarray(from, to) : values.slice(from, to),
    probabilities: probabilities.subarray(from * classes, to * classes),
    classes,
  };
}

/** Predictions of one model, one after another. */
export function joinPredictions(parts: readonly Predictions[]): Predictions {
  const [first] = parts as [Predictions];
  if (parts.length === 1) return first;
  const values = parts.map((part) => part.values);
  return {
    values: values.every((part) => part instanceof Float64Array)
      ? joinNumbers(values)
      : values.flatMap((part) => [...part] as string[]),
    probabilities: joinNumbers(parts.map((part) => part.probabilities)),
    classes: first.classes,
  };
}

function joinNumbers(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
