import test from "ava";
import fc from "fast-check";
import { changed } from "./fixtures/changed.ts";
import { marked, others, unknown, workloads } from "./fixtures/good.ts";
import type { Resource } from "./rule.ts";
import { rules } from "./rules.ts";

/** What tells a secret from an object of its own keys. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const good = [...workloads.map(([workload]) => workload), ...Object.values(others)];
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(unknown, marked("abc"), marked(unknown), {
    "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  }),
);
const types = fc.oneof(fc.constantFrom(...good.map(({ type }) => type), "pulumi:providers:aws"), fc.string());

test("no rule throws, whatever JSON a resource of whatever type has", (t) => {
  fc.assert(
    fc.property(types, anything, fc.boolean(), (type, properties, marked) => {
      t.notThrows(() => checkAll({ type, name: "it", properties, marked }));
    }),
    { numRuns: 500 },
  );
});

test("no rule throws where any part of something good is anything", (t) => {
  const places = good.flatMap((resource) => paths(resource.properties).map((path) => [resource, path] as const));
  fc.assert(
    fc.property(fc.constantFrom(...places), anything, ([resource, path], value) => {
      t.notThrows(() => checkAll(changed(resource, path, value)));
    }),
    { numRuns: 1000 },
  );
});

test("what preview doesn't know is never held against a resource", (t) => {
  for (const resource of good) {
    for (const path of paths(resource.properties).filter((path) => !path.includes(signatureKey))) {
      t.deepEqual(checkAll(changed(resource, path, unknown)), [], `${resource.type} ${path.join(".")}`);
    }
  }
});

function checkAll(resource: Resource): string[] {
  return rules.flatMap((rule) => rule.check(resource));
}

/** The path of every value within a value. */
function paths(value: unknown): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => {
    const step = Array.isArray(value) ? Number(key) : key;
    return [[step], ...paths((value as Record<string, unknown>)[key]).map((path) => [step, ...path])];
  });
}
