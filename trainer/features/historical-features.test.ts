import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { openFeatureRepository } from "./feature-repository.ts";
import { historicalFeatures } from "./historical-features.ts";
import type { FeatureSelection } from "./resolve-features.ts";
import { readRows, type TestRepository, type TestView, testRepository, writeRows } from "./test-repository.ts";

const rows = (columns: string, ...values: string[]) => `from (values ${values.join(", ")}) as t(${columns})`;
const at = (time: string) => `timestamptz '2024-01-${time}'`;
const view = { name: "v", features: { a: "Int64" } } as const;
const source = rows("id, ts, a", `(1, ${at("02")}, 10)`, `(1, ${at("04")}, 20)`, `(2, ${at("02")}, 30)`);

/** Makes a repository of one view `v` with feature `a`, and joins it to entity rows: the rows of the answer as text. */
async function joined(
  t: ExecutionContext,
  entities: string,
  { selection, ...content }: TestRepository & { selection?: FeatureSelection },
): Promise<unknown[][]> {
  const csv = entities.startsWith("csv:");
  const file = csv ? "entities.csv" : "entities.parquet";
  const dir = await testRepository(t, {
    views: [view],
    ...content,
    parquet: { "v.parquet": source, ...(csv ? {} : { [file]: entities }), ...content.parquet },
    files: { ...content.files, ...(csv ? { [file]: entities.slice(4) } : {}) },
  });
  const repository = await openFeatureRepository(dir);
  const job = historicalFeatures(repository, selection ?? { features: ["v:a"] }, join(dir, file));
  await job.toParquet(join(dir, "out", "rows.parquet"));
  t.deepEqual(await readdir(join(dir, "out")), ["rows.parquet"]);
  return readRows(join(dir, "out", "rows.parquet"));
}

test("each entity row gets the latest row of its key that is not later, in the order of the file", async (t) => {
  const entities = rows(
    "id, event_timestamp, note",
    `(2, ${at("03")}, 'x')`,
    `(1, ${at("04 00:00:00")}, 'same time')`,
    `(1, ${at("03 23:59:59.999999")}, 'a microsecond earlier')`,
    `(1, ${at("01")}, 'too early')`,
    `(3, ${at("09")}, 'unknown')`,
    `(null, ${at("09")}, 'no key')`,
    "(1, null, 'no time')",
    `(2, ${at("03")}, 'x')`,
  );
  t.deepEqual(
    (await joined(t, entities, {})).map(([, , note, a]) => [note, a]),
    [
      ["x", "30"],
      ["same time", "20"],
      ["a microsecond earlier", "10"],
      ["too early", null],
      ["unknown", null],
      ["no key", null],
      ["no time", null],
      ["x", "30"],
    ],
  );
});

test("a row as old as the TTL counts, an older one doesn't", async (t) => {
  const entities = rows("id, event_timestamp", `(2, ${at("03")})`, `(2, ${at("03 00:00:00.000001")})`);
  const views = [{ ...view, ttlSeconds: 86_400 }];
  t.deepEqual(
    (await joined(t, entities, { views })).map(([, , a]) => a),
    ["30", null],
  );
});

for (const [title, created, expected] of [
  ["the one created last wins", ["timestamp '2024-01-05'", "timestamp '2024-01-06'", "null"], "20"],
  ["a row without a created timestamp loses", ["null", "timestamp '2024-01-01'", "null"], "20"],
  ["created at the same time, the greatest wins, always", ["null::timestamp", "null", "null"], "30"],
] as const)
  test(`of rows with the same keys and timestamp ${title}`, async (t) => {
    const values = created.map((time, place) => `(1, ${at("02")}, ${time}, ${place * 10 + 10})`);
    const parquet = { "v.parquet": rows("id, ts, made, a", ...values) };
    const views = [{ ...view, created: "made" }];
    const answer = await joined(t, rows("id, event_timestamp", `(1, ${at("03")})`), { views, parquet });
    t.is(answer[0]?.[2], expected);
  });

test("a null in the winning row stays null", async (t) => {
  const parquet = { "v.parquet": rows("id, ts, a", `(1, ${at("01")}, 1)`, `(1, ${at("02")}, null)`) };
  const answer = await joined(t, rows("id, event_timestamp", `(1, ${at("03")})`), { parquet });
  t.is(answer[0]?.[2], null);
});

for (const [title, type, time, expected] of [
  ["naive times are UTC", "timestamp", "'2024-01-04 00:00:00'", "20"],
  ["times of a zone are converted", "timestamptz", "'2024-01-04 01:00:00+02:00'", "10"],
  ["a date is its midnight in UTC", "date", "'2024-01-04'", "20"],
  ["nanoseconds are cut to microseconds", "timestamp_ns", "'2024-01-03 23:59:59.999999999'", "10"],
  ["text with an offset is converted", "varchar", "'2024-01-04T01:00:00+02:00'", "10"],
] as const)
  test(`entity rows: ${title}`, async (t) => {
    const entities = rows("id, event_timestamp", `(1, ${time}::${type})`);
    t.is((await joined(t, entities, {}))[0]?.[2], expected);
  });

for (const [type, time] of [
  ["timestamp", "'2024-01-04 00:00:00'"],
  ["timestamptz", "'2024-01-04 02:00:00+02:00'"],
  ["date", "'2024-01-04'"],
  ["varchar", "'2024-01-04T02:00:00+02:00'"],
] as const)
  test(`feature rows may be timed by ${type}`, async (t) => {
    const parquet = { "v.parquet": rows("id, ts, a", `(1, ${time}::${type}, 20)`) };
    const entities = rows("id, event_timestamp", `(1, ${at("04")})`, `(1, ${at("03 23:59:59")})`);
    t.deepEqual(
      (await joined(t, entities, { parquet })).map(([, , a]) => a),
      ["20", null],
    );
  });

const mapped: TestView = {
  ...view,
  timestamp: "ts",
  created: "made",
  fieldMapping: { user: "id", Amount: "a", time: "ts", made_at: "made" },
};

for (const [title, names] of [
  ["of its definition", { timestamp: "ts", created: "made" }],
  ["of its file", { timestamp: "time", created: "made_at" }],
] as const)
  test(`a field mapping renames keys, timestamps and features; timestamps go by the names ${title}`, async (t) => {
    const values = [`(1, ${at("02")}, ${at("03")}, 5, 6)`, `(1, ${at("02")}, ${at("02")}, 7, 8)`];
    const parquet = { "v.parquet": rows('"user", time, made_at, "Amount", b', ...values) };
    const entities = rows("id, event_timestamp", `(1, ${at("03")})`);
    t.is((await joined(t, entities, { parquet, views: [{ ...mapped, ...names }] }))[0]?.[2], "5");
  });

test("a view joined twice by other columns, beside a view without entities", async (t) => {
  const features = { a: "Int64" } as const;
  const rate = { name: "rate", keys: {}, features: { rate: "Float64" } } as const;
  const services = {
    s: [
      { view: "v", alias: "seller", features, joinKeyMap: { id: "seller_id" } },
      { view: "v", alias: "buyer", features, joinKeyMap: { id: "buyer_id" } },
      { view: "rate", features: rate.features },
    ],
  };
  const dir = await testRepository(t, {
    views: [view, rate],
    services,
    parquet: {
      "v.parquet": source,
      "rate.parquet": rows("ts, rate", `(${at("01")}, 0.5)`, `(${at("03")}, 0.25)`),
      "e.parquet": rows("seller_id, buyer_id, event_timestamp", `(1, 2, ${at("02")})`, `(2, 1, ${at("05")})`),
    },
  });
  const job = historicalFeatures(await openFeatureRepository(dir), { service: "s" }, join(dir, "e.parquet"), {
    fullFeatureNames: true,
  });
  t.deepEqual(
    job.features.map(({ name }) => name),
    ["seller__a", "buyer__a", "rate__rate"],
  );
  t.is(await job.toParquet(join(dir, "out.parquet")), 2);
  t.deepEqual(
    (await readRows(join(dir, "out.parquet"))).map((row) => row.slice(3)),
    [
      ["10", "30", "0.50"],
      ["30", "20", "0.25"],
    ],
  );
});

test("a source may be a folder, a glob, or lie elsewhere, whatever characters its path has", async (t) => {
  const name = "[odd]* 'name'?";
  const dir = await testRepository(t, {});
  await mkdir(join(dir, name, "day=1"), { recursive: true });
  await writeRows(dir, {
    [`${name}/day=1/x.parquet`]: rows("id, ts, a", `(1, ${at("02")}, 1)`),
    [`${name}/y.parquet`]: rows("id, ts, a", `(1, ${at("03")}, 2)`),
    "[e].parquet": rows("id, event_timestamp", `(1, ${at("02")})`, `(1, ${at("03")})`),
  });
  for (const [uri, expected] of [
    [name, ["1", "2"]],
    [join(dir, name), ["1", "2"]],
    [`${name}/y.parquet`, [null, "2"]],
    ["[[]odd]*/*/x.parquet", ["1", "1"]],
    [`file://${encodeURI(dir)}/${encodeURIComponent(name)}/y.parquet`, [null, "2"]],
  ] as const) {
    const views = new Map([
      [
        "v",
        {
          name: "v",
          features: [{ name: "a", type: "Int64" }],
          joinKeys: ["id"],
          ttl: 0,
          source: { uri, timestampField: "ts", createdTimestampColumn: undefined, fieldMapping: {} },
        },
      ],
    ]);
    const repository = { ...(await openFeatureRepository(dir)), views };
    const out = join(dir, "out.parquet");
    await historicalFeatures(repository, { features: ["v:a"] }, join(dir, "[e].parquet")).toParquet(out);
    t.deepEqual(
      (await readRows(out)).map(([, , a]) => a),
      expected,
      uri,
    );
  }
});

test("refuses a folder without Parquet, and says where", async (t) => {
  const dir = await testRepository(t, { views: [{ ...view, uri: "empty" }], parquet: { "e.parquet": source } });
  await mkdir(join(dir, "empty"));
  const job = historicalFeatures(await openFeatureRepository(dir), { features: ["v:a"] }, join(dir, "e.parquet"));
  await t.throwsAsync(job.toParquet(join(dir, "out.parquet")), { message: /empty: that folder has no .parquet file/ });
});

test("CSV: join keys have the feature data's type, so that leading zeros stay, and extra columns are carried along", async (t) => {
  const parquet = { "v.parquet": rows("id, ts, a", `('007', ${at("02")}, 1)`, `('7', ${at("02")}, 2)`) };
  const csv = "csv:Note,id,event_timestamp,note\nx,007,2024-01-03,1.5\ny,7,2024-01-03T00:00:00+02:00,\n";
  const views = [{ ...view, keys: { id: "String" } as const }];
  const dir = await testRepository(t, { views, parquet, files: { "e.csv": csv.slice(4).replace("Note,", "Remark,") } });
  const job = historicalFeatures(await openFeatureRepository(dir), { features: ["v:a"] }, join(dir, "e.csv"));
  await job.toParquet(join(dir, "out.parquet"));
  t.deepEqual(await readRows(join(dir, "out.parquet")), [
    ["x", "007", "2024-01-03 00:00:00+00", "1.5", "1"],
    ["y", "7", "2024-01-02 22:00:00+00", null, "2"],
  ]);
  await t.throwsAsync(joined(t, csv, { views, parquet }), {
    message: /different names \(apart from case\), got Note, note/,
  });
});

test("an entity column that differs from the join key in case only is another column", async (t) => {
  const csv = "csv:ID,event_timestamp,id\n2,2024-01-03,1\n";
  await t.throwsAsync(joined(t, csv, {}), { message: /different names/ });
  await t.throwsAsync(joined(t, csv.replace(",id", ",key"), {}), { message: /add id$/ });
});

const entity = rows("id, event_timestamp", `(1, ${at("03")})`);

for (const [title, entities, content, message] of [
  [
    "entity rows without the join key",
    rows("user, event_timestamp", `(1, ${at("03")})`),
    {},
    /columns id, event_timestamp, got user, event_timestamp in .*: add id/,
  ],
  [
    "entity rows without event_timestamp",
    rows("id, time", `(1, ${at("03")})`),
    {},
    /got id, time in .*: add event_timestamp/,
  ],
  [
    "a join key of another kind",
    rows("id, event_timestamp", `('1', ${at("03")})`),
    {},
    /expected id in .*entities.parquet to be INTEGER, as join key id of feature view v .*got VARCHAR/,
  ],
  [
    "an event_timestamp that is a number",
    rows("id, event_timestamp", "(1, 1704240000)"),
    {},
    /event_timestamp in .* to be a timestamp, got INTEGER/,
  ],
  [
    "an event_timestamp that is no time",
    "csv:id,event_timestamp\n1,2024-01-03\n1,03.01.2024\n",
    {},
    /event_timestamp in row 2 of .*entities.csv to be a time .*got "03.01.2024"/,
  ],
  ["a CSV key that is no number", "csv:id,event_timestamp\nx,2024-01-03\n", {}, /cannot join .*"x"/s],
  [
    "a CSV file with ragged rows",
    "csv:id,event_timestamp,a\n1,2024-01-03,1\n1,2024-01-03,1,2\n1,2024-01-03,1\n",
    {},
    /entities.csv/,
  ],
  [
    "an entity column called like a feature",
    rows("id, event_timestamp, a", `(1, ${at("03")}, 1)`),
    {},
    /different names \(apart from case\), got a, a/,
  ],
  [
    "a source that isn't there",
    entity,
    { views: [{ ...view, uri: "nope.parquet" }] },
    /the data of feature view v at .*nope.parquet: there's no such/,
  ],
  [
    "a source in object storage",
    entity,
    { views: [{ ...view, uri: "s3://bucket/x.parquet" }] },
    /to be on this machine, got s3:/,
  ],
  ["a source that is no Parquet", entity, { views: [{ ...view, uri: "feature_store.yaml" }] }, /to be Parquet/],
  [
    "a source without the timestamp field",
    entity,
    { views: [{ ...view, timestamp: "time" }] },
    /expected the timestamp field time of feature view v in .*its columns are id, ts, a/,
  ],
  [
    "a source without the created timestamp",
    entity,
    { views: [{ ...view, created: "made" }] },
    /the created timestamp column made/,
  ],
  [
    "a source without the feature",
    entity,
    { views: [{ name: "v", features: { a: "Int64" }, fieldMapping: { a: "b" } }] },
    /the feature a of feature view v .*its columns are id, ts, b/,
  ],
  ["a source without the join key", entity, { views: [{ ...view, keys: { user: "Int64" } }] }, /the join key user/],
  [
    "a timestamp field that is a number",
    entity,
    { views: [{ ...view, timestamp: "a" }] },
    /timestamp field a .* to be a timestamp, got INTEGER/,
  ],
  [
    "a timestamp field that is no time",
    entity,
    { parquet: { "v.parquet": rows("id, ts, a", "(1, 'monday', 1)") } },
    /expected ts in row 1 of .*v.parquet to be a time .*got "monday"/,
  ],
] as const)
  test(`refuses ${title}, and says where`, async (t) => {
    await t.throwsAsync(joined(t, entities, content as TestRepository), { name: "FeatureError", message });
  });

test("a failed write leaves the old file as it was, and nothing else", async (t) => {
  const dir = await testRepository(t, { views: [view], parquet: { "v.parquet": source } });
  await mkdir(join(dir, "out"));
  await writeFile(join(dir, "out", "rows.parquet"), "old");
  await writeFile(join(dir, "e.csv"), "id,event_timestamp\nx,2024-01-03\n");
  const job = historicalFeatures(await openFeatureRepository(dir), { features: ["v:a"] }, join(dir, "e.csv"));
  await t.throwsAsync(job.toParquet(join(dir, "out", "rows.parquet")), { name: "FeatureError" });
  t.deepEqual(await readdir(join(dir, "out")), ["rows.parquet"]);
  await t.throwsAsync(job.toParquet(join(dir, "e.csv")), { message: /another file to write/ });
});
