/** Values as a JSON array; a number that JSON can't hold, such as a regressor's NaN, is null. */
export function valuesJson(values: Float64Array | readonly string[]): string {
  return values instanceof Float64Array ? numbersJson(values, 0, values.length) : JSON.stringify(values);
}

/** Rows of `width` numbers as a JSON array of arrays. */
export function matrixJson(values: Float64Array, width: number): string {
  let json = "[";
  for (let at = 0; at < values.length; at += width) json += (at > 0 ? "," : "") + numbersJson(values, at, at + width);
  return `${json}]`;
}

/** The numbers at `from` up to `to` as a JSON array. */
export function numbersJson(values: Float64Array, from: number, to: number): string {
  let json = "[";
  for (let at = from; at < to; at++) json += (at > from ? "," : "") + numberJson(values[at]!);
  return `${json}]`;
}

/** A number as JSON; null where JSON can't hold it. */
export function numberJson(value: number): string {
  return Number.isFinite(value) ? String(value) : "null";
}
