import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { openFeatureRepository } from "./feature-repository.ts";
import { testFolder, testRepository } from "./test-repository.ts";

const sample = join(import.meta.dirname, "..", "sample");

test("reads what feast apply wrote: views, join keys, TTL, sources and services", async (t) => {
  const repository = await openFeatureRepository(sample);
  t.is(repository.project, "churn");
  t.deepEqual([...repository.views.keys()].sort(), ["customer_purchases", "customer_support"]);
  t.deepEqual(repository.views.get("customer_support"), {
    name: "customer_support",
    features: [{ name: "support_tickets_count", type: "Int64" }],
    joinKeys: ["customer_id"],
    joinKeyTypes: ["Int64"],
    ttl: 45 * 24 * 3600 * 1e6,
    source: {
      uri: "data/customer_support.parquet",
      timestampField: "event_timestamp",
      createdTimestampColumn: "created_timestamp",
      fieldMapping: {},
    },
  });
  const service = repository.services.get("churn_features")!;
  t.deepEqual(
    service.flatMap(({ features }) => features.map(({ name }) => name)),
    [
      "total_purchases",
      "avg_purchase_value",
      "days_since_last_purchase",
      "customer_lifetime_value",
      "account_age_days",
      "support_tickets_count",
    ],
  );
});

const yaml = (registry: string, rest = "") => ({
  "feature_store.yaml": `project: test\nregistry: ${registry}\n${rest}`,
});

for (const [title, rest] of [
  ["no offline store: Feast's default", ""],
  ["offline store file", "offline_store:\n  type: file\n"],
  ["offline store dask, in short", "offline_store: dask\n"],
  ["offline store duckdb", "offline_store:\n  type: duckdb\n"],
] as const)
  test(`opens a repository with ${title}`, async (t) => {
    const dir = await testRepository(t, { files: yaml("{ registry_type: file, path: registry.db }", rest) });
    t.is((await openFeatureRepository(dir)).project, "test");
  });

test("another project's objects in the same registry are not seen", async (t) => {
  const dir = await testRepository(t, { views: [{ name: "v", features: { a: "Int64" }, spec: { project: "other" } }] });
  t.is((await openFeatureRepository(dir)).views.size, 0);
});

for (const [title, files, message] of [
  [
    "an offline store in a warehouse",
    yaml("registry.db", "offline_store:\n  type: snowflake.offline\n"),
    /one of file, dask, duckdb .*got "snowflake.offline"/,
  ],
  [
    "an SQL registry",
    yaml("{ registry_type: sql, path: 'postgresql://db/feast' }"),
    /to be a local file, got .*postgresql/,
  ],
  ["a registry in object storage", yaml("s3://bucket/registry.db"), /to be a local file, got "s3:/],
  ["a registry by environment variable", yaml("$REGISTRY/registry.db"), /plain path, got \$REGISTRY/],
  ["no registry", { "feature_store.yaml": "project: test\n" }, /to be a local file, got undefined/],
  ["no project", { "feature_store.yaml": "registry: registry.db\n" }, /expected project .* got undefined/],
  ["broken YAML", { "feature_store.yaml": "project: [" }, /expected YAML/],
  ["YAML that is no mapping", { "feature_store.yaml": "- a" }, /got no mapping/],
  ["a registry that isn't there", yaml("elsewhere.db"), /elsewhere.db, it can't be read: has "feast apply" been run/],
  [
    "a registry that is text",
    { ...yaml("text.db"), "text.db": "hello, this is no registry" },
    /expected a Feast registry .*text.db/,
  ],
  ["an empty registry", { ...yaml("empty.db"), "empty.db": "" }, /schema version 1/],
  ["an SQLite registry", { ...yaml("sql.db"), "sql.db": "SQLite format 3\0…" }, /found an SQLite database/],
] as const)
  test(`refuses ${title}, and says what it expected`, async (t) => {
    const dir = await testRepository(t, { files });
    await t.throwsAsync(openFeatureRepository(dir), { name: "FeatureError", message });
  });

test("a folder without feature_store.yaml is no repository", async (t) => {
  const dir = await testFolder(t);
  await writeFile(join(dir, "registry.db"), "");
  await t.throwsAsync(openFeatureRepository(dir), { message: /expected a Feast repository: .*feature_store.yaml/ });
});
