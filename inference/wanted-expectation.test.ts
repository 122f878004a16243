import test from "ava";
import { wantedExpectation } from "./wanted-expectation.ts";

const expectation = { modelName: "tiny", modelVersion: "2", sha256: "0".repeat(64) };

for (const [title, name, version, applies] of [
  ["its own version", "tiny", "2", true],
  ["latest, whatever that is", "tiny", "latest", true],
  ["an alias, wherever that leads", "tiny", "@champion", true],
  ["another model", "huge", "3", true],
  ["another version's number", "tiny", "3", false],
] as const)
  test(`an expectation ${applies ? "applies to" : "is set aside for"} ${title}`, (t) => {
    t.is(wantedExpectation({ name, version }, expectation), applies ? expectation : undefined);
  });

test("without an expectation there is none", (t) => {
  t.is(wantedExpectation({ name: "tiny", version: "2" }, undefined), undefined);
});
