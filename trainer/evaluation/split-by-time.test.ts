import test from "ava";
import fc from "fast-check";
import { splitByTime } from "./split-by-time.ts";

const msPerDay = 86_400_000;
const at = (...dates: string[]) => Float64Array.from(dates, (date) => Date.parse(date));
const months = at("2024-01-01", "2024-02-01", "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01");

test("trains on every row whose label is known when the test begins", (t) => {
  const split = splitByTime(months, { labelHorizonDays: 32, testFrom: Date.parse("2024-04-01") });
  t.like(split, { trainRows: 3, testStart: 4, lastTraining: Date.parse("2024-02-01") });
  t.is(splitByTime(months, { labelHorizonDays: 31, testFrom: Date.parse("2024-04-01") }).trainRows, 4);
});

test("tests on the rows from the end of the training labels' horizon where only trainBefore is given", (t) => {
  const split = splitByTime(months, { labelHorizonDays: 60, trainBefore: Date.parse("2024-02-15") });
  t.like(split, { trainRows: 3, testStart: 4, testFrom: Date.parse("2024-04-01") });
});

test("tests on the last fifth of the days where only the horizon is given", (t) => {
  const days = Float64Array.from({ length: 200 }, (_, row) => Math.floor(row / 2) * msPerDay + (row % 2));
  const split = splitByTime(days, { labelHorizonDays: 10 });
  t.like(split, { testStart: 160, testFrom: 80 * msPerDay, trainRows: 141 });
});

const refused = test.macro({
  exec(t, rule: Parameters<typeof splitByTime>[1], message: RegExp, timestamps: Float64Array = months) {
    t.throws(() => splitByTime(timestamps, rule), { instanceOf: RangeError, message });
  },
  title: (name) => `refuses ${name}`,
});
test(
  "a split that leaks",
  refused,
  { labelHorizonDays: 90, trainBefore: Date.parse("2024-03-02"), testFrom: Date.parse("2024-05-01") },
  /leaks: .*\(2024-03-01\) looks 90 days ahead, to 2024-05-30, but testFrom is 2024-05-01: expected testFrom 2024-05-30 or later, or trainBefore 2024-02-01 or earlier/,
);
test(
  "rows that are in both parts",
  refused,
  { labelHorizonDays: 0, trainBefore: Date.parse("2024-04-02"), testFrom: Date.parse("2024-04-01") },
  /leaks/,
);
test(
  "a test without rows",
  refused,
  { labelHorizonDays: 1, testFrom: Date.parse("2024-06-01") },
  /no rows to test on.*2024-06-01.*from 2024-01-01 to 2024-05-01/,
);
test(
  "a training without rows",
  refused,
  { labelHorizonDays: 100, testFrom: Date.parse("2024-04-01") },
  /no rows to train on.*100 days/,
);
test("no rows", refused, { labelHorizonDays: 1 }, /got none/, new Float64Array());
test("unsorted rows", refused, { labelHorizonDays: 1 }, /sorted.*at row 1/, at("2024-01-02", "2024-01-01"));
test("rows without a time", refused, { labelHorizonDays: 1 }, /sorted.*NaN at row 0/, Float64Array.of(Number.NaN, 1));

test("no training label ever looks into the test's time, and no later row could be trained on", (t) => {
  const times = fc.array(fc.integer({ min: 0, max: 100 * msPerDay }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(
      times,
      fc.nat(20),
      fc.option(fc.nat(100 * msPerDay), { nil: undefined }),
      (unsorted, days, testFrom) => {
        const rows = Float64Array.from(unsorted).sort();
        let split: ReturnType<typeof splitByTime>;
        try {
          split = splitByTime(rows, { labelHorizonDays: days, testFrom });
        } catch (error) {
          t.regex((error as Error).message, /^no rows to (train|test) on/);
          return;
        }
        const known = (row: number) => rows[row]! + days * msPerDay <= split.testFrom;
        t.true(split.trainRows >= 1 && split.trainRows <= split.testStart && split.testStart < rows.length);
        t.true(known(split.trainRows - 1));
        t.true(split.trainRows === split.testStart || !known(split.trainRows));
        t.true(rows[split.testStart]! >= split.testFrom && (rows[split.testStart - 1] ?? -1) < split.testFrom);
      },
    ),
  );
});
