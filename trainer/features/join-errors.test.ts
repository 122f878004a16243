import test from "ava";
import { at, joined, rows, view } from "./test-join.ts";
import type { TestRepository } from "./test-repository.ts";

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
