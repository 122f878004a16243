import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { openFeatureRepository } from "./feature-repository.ts";
import { historicalFeatures } from "./historical-features.ts";
import { readRows, type TestRepository, testRepository } from "./test-repository.ts";

/** SQL of rows for {@link testRepository}. */
export const rows = (columns: string, ...values: string[]) => `from (values ${values.join(", ")}) as t(${columns})`;

/** SQL of a time in January 2024, UTC. */
export const at = (time: string) => `timestamptz '2024-01-${time}'`;

/** A view over v.parquet, by id and ts, with one feature. */
export const view = { name: "v", features: { a: "Int64" } } as const;

/** Rows of v.parquet where a test has none of its own. */
export const source = rows("id, ts, a", `(1, ${at("02")}, 10)`, `(1, ${at("04")}, 20)`, `(2, ${at("02")}, 30)`);

/** Makes a repository of one view `v` with feature `a`, and joins it to entity rows: the rows of the answer as text. */
export async function joined(t: ExecutionContext, entities: string, content: TestRepository): Promise<unknown[][]> {
  const csv = entities.startsWith("csv:");
  const file = csv ? "entities.csv" : "entities.parquet";
  const dir = await testRepository(t, {
    views: [view],
    ...content,
    parquet: { "v.parquet": source, ...(csv ? {} : { [file]: entities }), ...content.parquet },
    files: { ...content.files, ...(csv ? { [file]: entities.slice(4) } : {}) },
  });
  const repository = await openFeatureRepository(dir);
  const job = historicalFeatures(repository, { features: ["v:a"] }, join(dir, file));
  await job.toParquet(join(dir, "out", "rows.parquet"));
  t.deepEqual(await readdir(join(dir, "out")), ["rows.parquet"]);
  return readRows(join(dir, "out", "rows.parquet"));
}
