import test from "ava";
import fc from "fast-check";
import { FeatureWindow, sliceMs } from "./feature-window.ts";

const hour = 4 * sliceMs;

/** A window of one feature with the edge 0, on a clock that the test sets. */
function windowAt(time: { ms: number }): { add(value: number, rows: number): void; read(): number[] } {
  const window = new FeatureWindow([[0]], () => time.ms);
  return {
    add: (value, count) => window.add({ count, values: new Float64Array(count).fill(value) }),
    read: () => [...window.read().bins[0]!],
  };
}

test("each value of a row is in the bin up to whose edge it reaches, a missing one in none", (t) => {
  const value = fc.oneof(fc.constantFrom(-1, 0, 1, 2, Number.NaN), fc.double());
  const rows = fc.array(fc.tuple(value, value), { maxLength: 50 });
  const edge = fc.oneof(fc.constantFrom(-1, 0, 1, 2), fc.double({ noNaN: true, noDefaultInfinity: true }));
  const ascending = fc.uniqueArray(edge, { maxLength: 20 }).map((edges) => edges.sort((a, b) => a - b));
  fc.assert(
    fc.property(ascending, ascending, rows, (first, second, given) => {
      const window = new FeatureWindow([first, second]);
      window.add({ count: given.length, values: Float64Array.from(given.flat()) });
      const { rows, bins, missing } = window.read();
      t.is(rows, given.length);
      for (const [feature, edges] of [first, second].entries()) {
        const values = given.map((row) => row[feature]!);
        const expected = new Array(edges.length + 1).fill(0);
        for (const x of values.filter((x) => !Number.isNaN(x))) expected[edges.filter((edge) => x > edge).length] += 1;
        t.deepEqual([...bins[feature]!], expected);
        t.is(missing[feature], values.filter(Number.isNaN).length);
      }
    }),
  );
});

test("an hour of many rows leaves none older in the window", (t) => {
  const time = { ms: 0 };
  const { add, read } = windowAt(time);
  add(-1, 10_000);
  time.ms = hour;
  add(1, 10_000);
  t.deepEqual(read(), [10_000, 10_000]);
  time.ms += sliceMs;
  t.deepEqual(read(), [0, 10_000]);
});

test("where an hour has few rows, older ones count, until those suffice", (t) => {
  const time = { ms: 0 };
  const { add, read } = windowAt(time);
  add(-1, 3);
  time.ms = 2 * hour;
  add(-1, 20_000);
  time.ms = 5 * hour;
  add(1, 5);
  t.deepEqual(read(), [20_000, 5]);
});

test("rows of a day ago have left the window, and their slice is used anew", (t) => {
  const time = { ms: 0 };
  const { add, read } = windowAt(time);
  add(-1, 7);
  time.ms = 24 * hour - 1;
  t.deepEqual(read(), [7, 0]);
  time.ms = 24 * hour;
  t.deepEqual(read(), [0, 0]);
  add(1, 2);
  t.deepEqual(read(), [0, 2]);
});
