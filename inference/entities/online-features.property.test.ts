import test from "ava";
import fc from "fast-check";
import { compileColumns } from "../features/feature-column.ts";
import { tinyFeatures } from "../fixtures/scripted-feature-server.ts";
import { FeatureCollector } from "./feature-collector.ts";
import { onlineFeatures } from "./online-features.ts";

const names = tinyFeatures.features.map(({ view, feature }) => `${view}__${feature}`);
// All may be missing, so that what is missing shows as NaN.
const columns = compileColumns(tinyFeatures.features.map(({ name }) => ({ name, type: "double", required: false })));

/** A feature of an entity: its number, null in the store, or not there at all. */
const cell = fc.oneof(
  // JSON has no -0.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.constant(null),
  fc.constant(undefined),
);
const row = fc.record({ cells: fc.tuple(cell, cell, cell), seconds: fc.tuple(...names.map(() => fc.nat(2 ** 31))) });
/** A whole answer: rows, the order of the features in it, and where what wasn't asked for stands. */
const answer = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 20 }),
  order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
  key: fc.nat(3),
});

function asFeast(
  rows: readonly { cells: readonly (number | null | undefined)[]; seconds: readonly number[] }[],
  order: readonly number[],
  key: number,
) {
  const time = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  const features = order.map((at) => ({
    name: names[at]!,
    values: rows.map(({ cells }) => cells[at] ?? null),
    statuses: rows.map(({ cells }) => (cells[at] === undefined ? "NOT_FOUND" : "PRESENT")),
    event_timestamps: rows.map(({ cells, seconds }) => time(cells[at] === undefined ? 0 : seconds[at]!)),
  }));
  const joinKey = {
    name: "customer_id",
    values: rows.map((_, id) => id),
    statuses: rows.map(() => "PRESENT" as const),
  };
  const all = features.toSpliced(key, 0, { ...joinKey, event_timestamps: rows.map(() => time(0)) });
  return {
    results: all.map(({ name, ...result }) => result),
    metadata: { feature_names: all.map(({ name }) => name) },
  };
}

test("each value finds its row and column, whatever the answer's order, and the oldest of a row tells its time", (t) => {
  fc.assert(
    fc.property(answer, ({ rows, order, key }) => {
      const keys = [{ name: "customer_id", values: rows.map((_, id) => String(id)) }];
      const collector = new FeatureCollector(tinyFeatures, columns, { count: rows.length, keys }, "any");
      // Through JSON, as it comes.
      const feast = JSON.parse(JSON.stringify(asFeast(rows, order, key)));
      // In two parts, as many rows come.
      const part = (from: number, to: number) => ({
        ...feast,
        results: feast.results.map((result: Record<string, unknown[]>) =>
          Object.fromEntries(Object.entries(result).map(([name, array]) => [name, array.slice(from, to)])),
        ),
      });
      const half = rows.length >> 1;
      for (const [from, to] of [
        [half, rows.length],
        [0, half],
      ] as const)
        if (to > from) collector.add(from, onlineFeatures(part(from, to), names, to - from));

      const known = rows.map(({ cells }) => cells.some((cell) => cell !== undefined));
      for (const [at, { cells, seconds }] of rows.entries()) {
        t.deepEqual(
          [...collector.rows.values.subarray(3 * at, 3 * at + 3)],
          cells.map((cell) => cell ?? Number.NaN),
        );
        const times = seconds.filter((second, i) => cells[i] != null && second > 0).map((second) => second * 1000);
        t.is(collector.asOf[at], times.length > 0 ? Math.min(...times) : Number.NaN);
      }
      t.deepEqual(
        collector.problems.map(({ path }) => path).sort(),
        known.flatMap((found, at) => (found ? [] : [`entities.customer_id[${at}]`])).sort(),
      );
    }),
  );
});

test("no answer, whatever it is, passes for features that it hasn't, or fails otherwise than by saying so", (t) => {
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.record({
      metadata: fc.oneof(
        fc.jsonValue(),
        fc.record({ feature_names: fc.array(fc.oneof(fc.constantFrom(...names), fc.jsonValue())) }),
      ),
      results: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.oneof(fc.jsonValue(), fc.record({ values: fc.jsonValue(), statuses: fc.jsonValue() }))),
      ),
    }),
  );
  fc.assert(
    fc.property(odd, (answer) => {
      t.throws(() => onlineFeatures(answer, names, 2), { name: "FeatureServerError", message: /^expected / });
    }),
  );
});
