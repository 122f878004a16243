import { readFileSync } from "node:fs";
import test from "ava";
import { configurationTables, page, withTables } from "./configuration-tables.ts";

test("the configuration page has every key of Pulumi.yaml, with its default and description", (t) => {
  const text = readFileSync(page, "utf8");
  t.is(text, withTables(text, configurationTables()), "write them anew: npm run docs");
});
