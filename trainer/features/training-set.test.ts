import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { openFeatureRepository } from "./feature-repository.ts";
import { historicalFeatures } from "./historical-features.ts";
import { type TestView, testRepository } from "./test-repository.ts";
import type { TrainingSet } from "./training-set.ts";

const features = { i: "Int32", l: "Int64", f: "Float32", d: "Float64", b: "Bool", s: "String" } as const;
const source = `from (values
  (1, timestamp '2024-01-01', 1::INTEGER, 9007199254740991, 0.5::FLOAT, 0.1, true, 'x'),
  (2, timestamp '2024-01-01', null, null, null, 'nan'::DOUBLE, false, 'y')) as t(id, ts, i, l, f, d, b, s)`;
const entities = `from (values (2, timestamp '2024-01-02', 1, 'x'), (1, timestamp '2024-01-02 00:00:00.0005', 0, 'x'),
  (1, timestamp '2024-01-02', null, 'x')) as t(id, event_timestamp, churned, name)`;

interface Options {
  readonly names?: readonly string[];
  readonly label?: string;
  readonly rows?: string;
  readonly view?: Partial<TestView>;
}

async function trainingSet(t: ExecutionContext, options: Options = {}): Promise<TrainingSet> {
  const { names = ["i", "l", "f", "d", "b"], label = "churned", rows = entities, view = {} } = options;
  const dir = await testRepository(t, {
    views: [{ name: "v", features, ttlSeconds: 172_800, ...view }],
    parquet: { "v.parquet": source, "e.parquet": rows },
  });
  const selection = { features: names.map((name) => `v:${name}`) };
  return historicalFeatures(await openFeatureRepository(dir), selection, join(dir, "e.parquet")).toTrainingSet(label);
}

test("features are numbers, NaN where they are missing, in the order that was asked for", async (t) => {
  const set = await trainingSet(t);
  t.is(set.rows, 3);
  t.deepEqual(
    set.features.map(({ name, type, values }) => [name, type, ...values]),
    [
      ["i", "long", 1, NaN, 1],
      ["l", "long", 9007199254740991, NaN, 9007199254740991],
      ["f", "double", 0.5, NaN, 0.5],
      ["d", "double", 0.1, NaN, 0.1],
      ["b", "boolean", 1, 0, 1],
    ],
  );
  t.deepEqual([...set.label], [NaN, 1, 0]);
  const day = Date.UTC(2024, 0, 2);
  t.deepEqual([...set.eventTimestamp], [day, day, day + 0.5]);
});

test("rows come in the same order whatever the file's order", async (t) => {
  const reversed = `select * from (${entities}) order by name, churned desc nulls first, event_timestamp desc`;
  t.deepEqual(await trainingSet(t, { rows: reversed }), await trainingSet(t));
});

test("definitions tell what a value depends on, without paths", async (t) => {
  const { definitions } = await trainingSet(t, { names: ["d"] });
  t.deepEqual(
    definitions.map((line) => JSON.parse(line)),
    [
      {
        name: "d",
        view: "v",
        feature: "d",
        type: "Float64",
        ttlMicroseconds: 172_800_000_000,
        joinKeys: [["id", "id"]],
        timestampField: "ts",
        createdTimestampColumn: null,
        fieldMapping: [],
      },
    ],
  );
  const changed = await trainingSet(t, { names: ["d"], view: { ttlSeconds: 1 } });
  t.notDeepEqual(changed.definitions, definitions);
});

for (const [title, options, message] of [
  [
    "a text feature",
    { names: ["i", "s"] },
    /expected feature v:s to be Int32, .* got String: leave it out, or encode it/,
  ],
  [
    "a feature whose file holds another type",
    { view: { fieldMapping: { s: "d", d: "s" } }, names: ["d"] },
    /got Float64 in its definition, but VARCHAR in its file/,
  ],
  [
    "a label that isn't there",
    { label: "gone" },
    /expected the label gone in .*its columns are id, event_timestamp, churned, name/,
  ],
  ["a label of text", { label: "name" }, /expected the label name in .* to be a number or boolean, got VARCHAR/],
  [
    "rows without a time",
    {
      rows: `select * replace (case when churned = 0 then null else event_timestamp end as event_timestamp) from (${entities})`,
    },
    /1 of 3 rows have none/,
  ],
] as const)
  test(`refuses ${title}, and says what it expected`, async (t) => {
    await t.throwsAsync(trainingSet(t, options), { name: "FeatureError", message });
  });
