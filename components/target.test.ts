import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "ava";

const root = join(import.meta.dirname, "..");

test("until it knows its target, the program loads no SDK of a cloud: they take longer than all else", async (t) => {
  const program = await readFile(join(root, "index.ts"), "utf8");
  const parts = [...program.matchAll(/^import .* from "(.*)";$/gm)].map(([, specifier]) => specifier!);
  t.true(parts.length > 5);
  for (const specifier of parts) await import(join(root, specifier));
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  t.true(loaded.some((file) => file.includes("/@pulumi/pulumi/")));
  t.deepEqual(
    loaded.filter((file) => /\/@pulumi\/(aws|docker|eks|kubernetes)\//.test(file)),
    [],
  );
});
