import { join } from "node:path";
import test from "ava";
import { openFeatureRepository } from "./feature-repository.ts";
import { historicalFeatures } from "./historical-features.ts";
import { at, joined, rows, source, view } from "./test-join.ts";
import { readRows, type TestView, testRepository } from "./test-repository.ts";

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
