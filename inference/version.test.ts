import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { serviceVersion } from "./version.ts";

test("the service's version is its package's", async (t) => {
  t.is(serviceVersion, JSON.parse(await readFile(join(import.meta.dirname, "package.json"), "utf8")).version);
});
