/**
 * One line of a metric's file: time, value, step, and in a logged model's folder the run it came from
 * (mlflow/store/tracking/file_store.py, `_log_run_metric` and `_log_model_metric`).
 */
export function metricLine(value: number, timestamp: number, runId?: string): string {
  return `${timestamp} ${value} 0${runId === undefined ? "" : ` ${runId}`}\n`;
}

/**
 * The last value in a metric's file: of the highest step, then time, then value, as MLflow takes it.
 *
 * @returns undefined where no line is whole.
 */
export function lastMetric(text: string): number | undefined {
  let last: readonly [step: number, timestamp: number, value: number] | undefined;
  for (const line of text.split("\n")) {
    const parts = line.trim().split(" ");
    if (parts.length !== 2 && parts.length !== 3 && parts.length !== 5) continue;
    // MLflow reads a step only from three fields: with five, dataset name and digest follow it, and the step counts as 0.
    const step = parts.length === 3 ? Number(parts[2]) : 0;
    const candidate = [step, Number(parts[0]), parsePythonFloat(parts[1] ?? "")] as const;
    if (last === undefined || comesAfter(candidate, last)) last = candidate;
  }
  return last?.[2];
}

/** Python prints what isn't finite as nan, inf and -inf. */
function parsePythonFloat(text: string): number {
  if (text === "inf") return Number.POSITIVE_INFINITY;
  if (text === "-inf") return Number.NEGATIVE_INFINITY;
  return Number(text);
}

function comesAfter(a: readonly number[], b: readonly number[]): boolean {
  const index = a.findIndex((value, position) => value !== b[position]);
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}
