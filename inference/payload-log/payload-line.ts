import type { FeatureRows } from "../features/feature-rows.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Prediction } from "../prediction/predictor.ts";

/** Rows of one line: more would hold up those who wait for their answers. */
export const rowsKept = 1000;

/**
 * A prediction as one line of JSON, with the names of `/batch_predict`: its `instances` can be asked again as they are.
 *
 * @returns the line with its line break; of a larger request the first {@link rowsKept} rows, beside how many there were.
 */
export function payloadLine(prediction: Prediction, { id, trace, path }: Exchange, time: Date): string {
  const { model, rows, predictions, milliseconds } = prediction;
  const { values, probabilities, classes } = predictions;
  const count = Math.min(rows.count, rowsKept);
  const names = model.schema.columns.map(({ name }) => name);
  const line = {
    timestamp: time.toISOString(),
    request_id: id,
    ...(trace && { trace_id: trace.traceId, span_id: trace.spanId }),
    route: path,
    model_name: model.name,
    model_version: model.version,
    inference_time_ms: Math.round(milliseconds * 1000) / 1000,
    rows: rows.count,
    instances: Array.from({ length: count }, (_, row) => instance(names, rows, row)),
    predictions: [...values.slice(0, count)],
    ...(classes > 0 && {
      probabilities: Array.from({ length: count }, (_, row) =>
        Array.from(probabilities.subarray(row * classes, (row + 1) * classes)),
      ),
    }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** JSON has null where a number is NaN, and so where a value is missing. */
function instance(names: readonly string[], { values, texts }: FeatureRows, row: number): object {
  return Object.fromEntries(
    names.map((name, at) => {
      const value = values[row * names.length + at]!;
      const own = texts?.[at];
      return [name, own && !Number.isNaN(value) ? own[row]! : value];
    }),
  );
}
