import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { openFeatureRepository } from "./feature-repository.ts";
import { historicalFeatures } from "./historical-features.ts";
import { readRows, testRepository, writeRows } from "./test-repository.ts";

type Maybe = number | null;
/** Times are whole seconds, so that ties and both bounds of a TTL come up often. */
interface FeatureRow {
  readonly key: Maybe;
  readonly ts: Maybe;
  readonly created: Maybe;
  readonly a: Maybe;
  readonly b: Maybe;
}

const maybe = (max: number) => fc.option(fc.integer({ min: 0, max }), { freq: 6 });
const featureRow = fc.record({ key: maybe(2), ts: maybe(12), created: maybe(2), a: maybe(3), b: maybe(3) });
const entityRow = fc.record({ key: maybe(3), at: maybe(14) });
const world = fc.record({
  one: fc.array(featureRow, { minLength: 1, maxLength: 25 }),
  two: fc.array(featureRow, { minLength: 1, maxLength: 25 }),
  ttlSeconds: fc.constantFrom(0, 1, 3, 10),
  entities: fc.array(entityRow, { minLength: 1, maxLength: 15 }),
});

/** Nulls are lowest. */
const compare = (a: Maybe, b: Maybe) => (a ?? -1) - (b ?? -1);

/** Feast's definition, row by row; of rows that tie in all of it, the one whose features are greatest, in the order asked for. */
function winner(
  rows: readonly FeatureRow[],
  { key, at }: { readonly key: Maybe; readonly at: Maybe },
  ttl: number,
  [first, second]: readonly ["a" | "b", "a" | "b"],
): FeatureRow | undefined {
  if (key === null || at === null) return undefined;
  const features = (x: FeatureRow, y: FeatureRow) => compare(x[first], y[first]) || compare(x[second], y[second]);
  return rows
    .filter((row) => row.key === key && row.ts !== null && row.ts <= at && (ttl === 0 || row.ts >= at - ttl))
    .toSorted((x, y) => compare(x.ts, y.ts) || compare(x.created, y.created) || features(x, y))
    .at(-1);
}

const time = (seconds: Maybe) => (seconds === null ? "null::timestamptz" : `to_timestamp(${seconds})`);
const number = (value: Maybe) => (value === null ? "null::bigint" : `${value}::bigint`);
const values = (rows: readonly string[], columns: string) => `from (values ${rows.join(", ")}) as t(${columns})`;
const featureRows = (rows: readonly FeatureRow[], columns: string) =>
  values(
    rows.map(
      ({ key, ts, created, a, b }) => `(${number(key)}, ${time(ts)}, ${time(created)}, ${number(a)}, ${number(b)})`,
    ),
    columns,
  );

test("two views joined to any rows are what a search row by row finds", async (t) => {
  const features = { a: "Int64", b: "Int64" } as const;
  await fc.assert(
    fc.asyncProperty(world, async ({ one, two, ttlSeconds, entities }) => {
      const dir = await testRepository(t, {
        views: [
          { name: "one", features, created: "created", ttlSeconds },
          { name: "two", features: { c: "Int64", d: "Int64" }, created: "created" },
        ],
      });
      await writeRows(dir, {
        "one.parquet": featureRows(one, "id, ts, created, a, b"),
        "two.parquet": featureRows(two, "id, ts, created, c, d"),
        "e.parquet": values(
          entities.map(({ key, at }) => `(${number(key)}, ${time(at)})`),
          "id, event_timestamp",
        ),
      });
      const selection = { features: ["one:a", "two:d", "one:b", "two:c"] };
      const job = historicalFeatures(await openFeatureRepository(dir), selection, join(dir, "e.parquet"));
      await job.toParquet(join(dir, "out.parquet"));
      const found = (await readRows(join(dir, "out.parquet"))).map((row) => row.slice(2));
      const expected = entities.map((entity) => {
        const x = winner(one, entity, ttlSeconds, ["a", "b"]);
        const y = winner(two, entity, 0, ["b", "a"]);
        return [x?.a, y?.b, x?.b, y?.a].map((value) => (value == null ? null : String(value)));
      });
      t.deepEqual(found, expected);
    }),
    { numRuns: 60 },
  );
});

test("a training set doesn't depend on the order of any file's rows", async (t) => {
  const shuffled = world.chain((content) =>
    fc.tuple(
      fc.constant(content),
      fc.shuffledSubarray(content.one, { minLength: content.one.length }),
      fc.shuffledSubarray(content.entities, { minLength: content.entities.length }),
    ),
  );
  const set = async (one: readonly FeatureRow[], entities: readonly { key: Maybe; at: Maybe }[]) => {
    const timed = entities.map(({ key, at }) => `(${number(key)}, ${time(at ?? 0)}, ${number((key ?? 0) % 2)})`);
    const dir = await testRepository(t, {
      views: [{ name: "one", features: { a: "Int64", b: "Int64" }, created: "created" }],
      parquet: {
        "one.parquet": featureRows(one, "id, ts, created, a, b"),
        "e.parquet": values(timed, "id, event_timestamp, label"),
      },
    });
    const selection = { features: ["one:a", "one:b"] };
    return historicalFeatures(await openFeatureRepository(dir), selection, join(dir, "e.parquet")).toTrainingSet(
      "label",
    );
  };
  await fc.assert(
    fc.asyncProperty(shuffled, async ([content, one, entities]) => {
      t.deepEqual(await set(one, entities), await set(content.one, content.entities));
    }),
    { numRuns: 20 },
  );
});
