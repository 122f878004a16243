import { formatUtcTime } from "../utc-time.ts";

const msPerDay = 86_400_000;

/** How rows are divided into training and test by their time. */
export interface SplitRule {
  /** Days from a row's event timestamp that its label looks ahead: what is known of the label only after them. */
  readonly labelHorizonDays: number;
  /** Training rows lie before it, ms since the epoch. @default as late as the horizon allows */
  readonly trainBefore?: number | undefined;
  /** Test rows lie on or after it, ms since the epoch. @default the last fifth of the days that have rows, or the end of the training labels' horizon if `trainBefore` is given */
  readonly testFrom?: number | undefined;
}

/** A division of rows sorted by time; the rows between the two parts are left out. */
export interface TimeSplit {
  /** Rows [0, trainRows) are for training. */
  readonly trainRows: number;
  /** Rows [testStart, rows) are for the test. */
  readonly testStart: number;
  /** Time of the last training row, ms since the epoch. */
  readonly lastTraining: number;
  /** Test rows lie on or after it, ms since the epoch. */
  readonly testFrom: number;
}

/** Share of the days that have rows which is tested on where nothing else is said. */
const testShare = 0.2;

/**
 * Divides rows into those to train on and those to test on, so that no training label looks into the test's time:
 * event timestamp + horizon <= `testFrom` for every training row.
 *
 * @param eventTimestamp ms since the epoch, ascending
 * @throws RangeError where a part would be empty, or a training label's horizon reaches beyond `testFrom`.
 */
export function splitByTime(eventTimestamp: Float64Array, rule: SplitRule): TimeSplit {
  const unsorted = eventTimestamp.findIndex((time, row) => !(time >= (eventTimestamp[row - 1] ?? -Infinity)));
  if (unsorted >= 0)
    throw new RangeError(`expected rows sorted by event timestamp, got ${eventTimestamp[unsorted]} at row ${unsorted}`);
  if (eventTimestamp.length === 0) throw new RangeError("expected rows to split, got none");
  const horizon = rule.labelHorizonDays * msPerDay;
  const testFrom = rule.testFrom ?? defaultTestFrom(eventTimestamp, rule.trainBefore, horizon);
  const testStart = leading(eventTimestamp, (time) => time < testFrom);
  const trainRows =
    rule.trainBefore === undefined
      ? Math.min(
          testStart,
          leading(eventTimestamp, (time) => time + horizon <= testFrom),
        )
      : leading(eventTimestamp, (time) => time < rule.trainBefore!);
  const [first, last] = [eventTimestamp[0]!, eventTimestamp.at(-1)!];
  const span = `the ${eventTimestamp.length} rows lie from ${formatUtcTime(first)} to ${formatUtcTime(last)}`;
  if (testStart === eventTimestamp.length)
    throw new RangeError(
      `no rows to test on: expected some on or after testFrom ${formatUtcTime(testFrom)}, but ${span}`,
    );
  if (trainRows === 0)
    throw new RangeError(
      `no rows to train on: expected some ${rule.labelHorizonDays} days (the label's horizon) before testFrom ${formatUtcTime(testFrom)}` +
        `${rule.trainBefore === undefined ? "" : ` and before trainBefore ${formatUtcTime(rule.trainBefore)}`}, but ${span}: ` +
        "test on later rows, or give entity rows of more time",
    );
  const lastTraining = eventTimestamp[trainRows - 1]!;
  if (lastTraining + horizon > testFrom || trainRows > testStart)
    throw new RangeError(
      `the split leaks: the label of the last training row (${formatUtcTime(lastTraining)}) looks ${rule.labelHorizonDays} days ` +
        `ahead, to ${formatUtcTime(lastTraining + horizon)}, but testFrom is ${formatUtcTime(testFrom)}: ` +
        `expected testFrom ${formatUtcTime(lastTraining + horizon)} or later, or trainBefore ${formatUtcTime(testFrom - horizon)} or earlier`,
    );
  return { trainRows, testStart, lastTraining, testFrom };
}

function defaultTestFrom(eventTimestamp: Float64Array, trainBefore: number | undefined, horizon: number): number {
  if (trainBefore !== undefined) {
    const trainRows = leading(eventTimestamp, (time) => time < trainBefore);
    return Math.max(trainBefore, (eventTimestamp[trainRows - 1] ?? trainBefore) + horizon);
  }
  const days = [...new Set(eventTimestamp.map((time) => Math.floor(time / msPerDay)))];
  return days[Math.min(days.length - 1, Math.round(days.length * (1 - testShare)))]! * msPerDay;
}

/** How many rows come before the first for which `holds` is false; it must hold for the earlier ones alone. */
function leading(eventTimestamp: Float64Array, holds: (time: number) => boolean): number {
  let [low, high] = [0, eventTimestamp.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(eventTimestamp[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
