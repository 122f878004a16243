import test from "ava";
import fc from "fast-check";
import { createRouter } from "./router.ts";

const endpoints = ["/health", "/v2/models/{model}", "/v2/models/{model}/versions/{version}/infer"].map((path) => ({
  path,
}));
const router = createRouter(endpoints);

test("a path leads to its endpoint as it stands, or with parts in the places of names in braces", (t) => {
  t.deepEqual(router("/health"), { endpoint: endpoints[0]!, parts: {} });
  t.deepEqual(router("/v2/models/churn%20model"), { endpoint: endpoints[1]!, parts: { model: "churn model" } });
  t.deepEqual(router("/v2/models/m/versions/3/infer")?.parts, { model: "m", version: "3" });
});

test("a part that is no percent-encoding stays as it is", (t) => {
  t.deepEqual(router("/v2/models/%zz")?.parts, { model: "%zz" });
});

test("what differs in anything leads nowhere", (t) => {
  for (const path of [
    "",
    "/",
    "/health/",
    "/Health",
    "/v2/models/",
    "/v2/models/a/b",
    "/v2/models/{model}/infer",
    "__proto__",
  ])
    t.is(router(path), undefined, path);
});

test("any model's name is found again", (t) => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (model) => {
      t.deepEqual(router(`/v2/models/${encodeURIComponent(model)}`)?.parts, { model });
    }),
  );
});
