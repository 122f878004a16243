import test from "ava";
import fc from "fast-check";
import { type AnsweredRows, RowBatch } from "./row-batch.ts";

/** Rows of two numbers and a text, of which each can be told from all others. */
function answered(from: number, count: number): AnsweredRows {
  const row = Array.from({ length: count }, (_, at) => from + at);
  return {
    rows: {
      count,
      values: Float64Array.from(row.flatMap((n) => [n, -n, 0])),
      texts: [undefined, undefined, row.map((n) => `text ${n}`)],
    },
    predictions: {
      values: row.map((n) => `label ${n}`),
      probabilities: Float64Array.from(row.flatMap((n) => [n / 2, n / 4])),
      classes: 2,
    },
  };
}

test("rows come out as they went in, one after the other, as many as there is room for, again and again", (t) => {
  const numbersARow = 3 + 2 + 1;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
      (room, rounds) => {
        const batch = new RowBatch(answered(0, 1), room * numbersARow);
        for (const requests of rounds) {
          let next = 0;
          let kept = 0;
          for (const count of requests) {
            kept += batch.add(answered(next, count));
            next += count;
            t.is(batch.count, kept);
            if (kept < next) break;
          }
          t.is(kept, Math.min(next, room));
          if (kept > 0) t.deepEqual(batch.read(), answered(0, kept));
          batch.clear();
          t.is(batch.count, 0);
        }
      },
    ),
  );
});

test("labels of numbers, and a model without texts or probabilities", (t) => {
  const rows = { count: 2, values: Float64Array.of(1, 2) };
  const predictions = { values: Float64Array.of(3, 4), probabilities: new Float64Array(), classes: 0 };
  const batch = new RowBatch({ rows, predictions }, 100);
  batch.add({ rows, predictions });
  t.deepEqual(batch.read(), { rows, predictions });
});

test("a batch of rows wider than its memory holds one", (t) => {
  const batch = new RowBatch(answered(0, 1), 1);
  t.is(batch.add(answered(0, 3)), 1);
  t.is(batch.add(answered(3, 1)), 0);
});
