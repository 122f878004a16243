import test, { type ExecutionContext } from "ava";
import { openFeatureRepository } from "./feature-repository.ts";
import { historicalFeatures } from "./historical-features.ts";
import type { FeatureSelection } from "./resolve-features.ts";
import { testRepository } from "./test-repository.ts";

async function featureService(t: ExecutionContext, selection: FeatureSelection, spec: object = {}) {
  const dir = await testRepository(t, {
    views: [
      { name: "one", features: { a: "Int64", b: "Float64" }, ttlSeconds: 3600, spec },
      { name: "two", features: { c: "Bool" }, keys: { id: "Int64", day: "String" } },
    ],
    services: {
      both: [
        { view: "one", features: { b: "Float64" } },
        { view: "two", features: { c: "Bool" }, joinKeyMap: { id: "other_id" } },
      ],
      aliased: [
        { view: "one", alias: "from", features: { a: "Int64" }, joinKeyMap: { id: "from_id" } },
        { view: "one", alias: "to", features: { b: "Float64" } },
      ],
    },
  });
  return historicalFeatures(await openFeatureRepository(dir), selection, "entities.parquet").featureService;
}

test("a service is told by its join keys as entities give them, and where each column comes from", async (t) => {
  t.deepEqual(await featureService(t, { service: "both" }), {
    project: "test",
    name: "both",
    joinKeys: [
      { name: "id", type: "Int64" },
      { name: "other_id", type: "Int64" },
      { name: "day", type: "String" },
    ],
    features: [
      { name: "b", view: "one", feature: "b", ttlSeconds: 3600 },
      { name: "c", view: "two", feature: "c", ttlSeconds: 0 },
    ],
  });
});

test("a view under another name keeps it", async (t) => {
  const service = await featureService(t, { service: "aliased" });
  t.deepEqual(
    service!.joinKeys.map(({ name }) => name),
    ["from_id", "id"],
  );
  t.deepEqual(service!.features, [
    { name: "a", view: "from", feature: "a", ttlSeconds: 3600 },
    { name: "b", view: "to", feature: "b", ttlSeconds: 3600 },
  ]);
});

test("a join key of a registry without entity columns is named and typed by its entity", async (t) => {
  const service = await featureService(t, { service: "aliased" }, { entityColumns: [] });
  t.deepEqual(service!.joinKeys, [
    { name: "from_id", type: "String" },
    { name: "id", type: "String" },
  ]);
});

test("features that were selected one by one have no service", async (t) => {
  t.is(await featureService(t, { features: ["one:a"] }), undefined);
});
