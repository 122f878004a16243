import test, { type ExecutionContext } from "ava";
import { openFeatureRepository } from "./feature-repository.ts";
import { resolveFeatures } from "./resolve-features.ts";
import { testRepository } from "./test-repository.ts";

const open = async (t: ExecutionContext) =>
  openFeatureRepository(
    await testRepository(t, {
      views: [
        { name: "one", features: { a: "Int64", b: "Float64" } },
        { name: "two", features: { a: "String", c: "Bool" }, keys: { id: "Int64", day: "String" } },
        {
          name: "delta",
          features: { a: "Int64" },
          source: { fileOptions: { uri: "d", fileFormat: { deltaFormat: {} } } },
        },
        { name: "warehouse", features: { a: "Int64" }, source: { type: 2, dataSourceClassType: "x.BigQuerySource" } },
        { name: "batch", features: { a: "Int64" }, spec: { featureTransformation: {} } },
        { name: "off", features: { a: "Int64" }, spec: { disabled: true } },
      ],
      services: {
        both: [
          { view: "one", features: { b: "Float64" } },
          { view: "two", features: { c: "Bool" }, joinKeyMap: { id: "other_id" } },
        ],
        aliased: [
          { view: "one", alias: "from", features: { a: "Int64" }, joinKeyMap: { id: "from_id" } },
          { view: "one", alias: "to", features: { a: "Int64" }, joinKeyMap: { id: "to_id" } },
        ],
        split: [
          { view: "one", features: { a: "Int64" } },
          { view: "one", features: { b: "Float64" } },
        ],
        versioned: [{ view: "one", features: { a: "Int64" }, versionTag: 2 }],
        stray: [{ view: "one", features: { a: "Int64" }, joinKeyMap: { user: "user_id" } }],
        outdated: [{ view: "one", features: { gone: "Int64" } }],
        empty: [],
      },
      onDemandViews: ["computed"],
    }),
  );

test("a service gives its features in its order, each view with its join keys", async (t) => {
  const { views, features } = resolveFeatures(await open(t), { service: "both" }, false);
  t.deepEqual(features, [
    { name: "b", view: "one", feature: "b", type: "Float64" },
    { name: "c", view: "two", feature: "c", type: "Bool" },
  ]);
  t.deepEqual(
    views.map(({ joinKeys }) => joinKeys),
    [
      [{ view: "id", entity: "id", type: "Int64" }],
      [
        { view: "id", entity: "other_id", type: "Int64" },
        { view: "day", entity: "day", type: "String" },
      ],
    ],
  );
});

test("references keep their order, and a view that is named twice is joined once", async (t) => {
  const { views, features } = resolveFeatures(await open(t), { features: ["one:b", "two:c", "one:a"] }, false);
  t.deepEqual(
    features.map(({ name }) => name),
    ["b", "c", "a"],
  );
  t.deepEqual(
    views.map(({ name, features }) => [name, features.length]),
    [
      ["one", 2],
      ["two", 1],
    ],
  );
});

test("a view joined twice under other names has columns of both", async (t) => {
  const { views, features } = resolveFeatures(await open(t), { service: "aliased" }, true);
  t.deepEqual(
    features.map(({ name }) => name),
    ["from__a", "to__a"],
  );
  t.deepEqual(
    views.map(({ joinKeys }) => joinKeys[0]?.entity),
    ["from_id", "to_id"],
  );
});

test("two projections of one view are joined once", async (t) => {
  const { views } = resolveFeatures(await open(t), { service: "split" }, false);
  t.deepEqual(
    views.map(({ name, features }) => [name, features.map((f) => f.name)]),
    [["one", ["a", "b"]]],
  );
});

for (const [title, selection, message] of [
  ["an unknown service", { service: "nope" }, /feature service nope is not in project test .*it has both, aliased/],
  ["an unknown view", { features: ["nope:a"] }, /feature view nope is not in project test .*one, two/],
  ["an unknown feature", { features: ["one:nope"] }, /feature nope is not in feature view one: it has a, b/],
  ["a feature without a view", { features: ["a"] }, /as view:feature, got "a"/],
  ["a feature of too many parts", { features: ["one:a:b"] }, /as view:feature, got "one:a:b"/],
  ["no features", { features: [] }, /at least one feature/],
  ["an empty service", { service: "empty" }, /at least one feature/],
  [
    "features of the same name",
    { features: ["one:a", "two:a"] },
    /Duplicate features named a found: one:a, two:a.*full feature names/,
  ],
  ["a feature twice", { features: ["one:a", "one:a"] }, /Duplicate features named a found/],
  ["a view twice, without full names", { service: "aliased" }, /Duplicate features named a found: from:a, to:a/],
  [
    "an on-demand feature view",
    { features: ["computed:a"] },
    /computed is an on-demand feature view, which only Feast itself/,
  ],
  ["a version of a view", { features: ["one@v2:a"] }, /versions of feature views are not supported/],
  ["a version of a view in a service", { service: "versioned" }, /got its version 2/],
  ["a join key map for another key", { service: "stray" }, /names user: the join keys of feature view one are id/],
  ["a service older than its view", { service: "outdated" }, /feature gone is not in feature view one/],
  ["a Delta table", { features: ["delta:a"] }, /got a Delta table/],
  ["a warehouse's table", { features: ["warehouse:a"] }, /got BigQuerySource/],
  ["a view that transforms", { features: ["batch:a"] }, /left to Feast itself/],
  ["a disabled view", { features: ["off:a"] }, /disabled: enable it/],
] as const)
  test(`refuses ${title}, and says what there is`, async (t) => {
    const repository = await open(t);
    t.throws(() => resolveFeatures(repository, selection, false), { name: "FeatureError", message });
  });

test("a feature twice is refused with full names too", async (t) => {
  const repository = await open(t);
  t.throws(() => resolveFeatures(repository, { features: ["one:a", "one:a"] }, true), { message: /one__a/ });
});
