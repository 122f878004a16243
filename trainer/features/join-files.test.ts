import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { openFeatureRepository } from "./feature-repository.ts";
import { historicalFeatures } from "./historical-features.ts";
import { at, joined, rows, source, view } from "./test-join.ts";
import { readRows, testRepository, writeRows } from "./test-repository.ts";

test("a source may be a folder, a glob, or lie elsewhere, whatever characters its path has", async (t) => {
  const name = "[odd]* 'name'?";
  const dir = await testRepository(t, {});
  await mkdir(join(dir, name, "day=1"), { recursive: true });
  await writeRows(dir, {
    [`${name}/day=1/x.parquet`]: rows("id, ts, a", `(1, ${at("02")}, 1)`),
    [`${name}/y.parquet`]: rows("id, ts, a", `(1, ${at("03")}, 2)`),
    "[e].parquet": rows("id, event_timestamp", `(1, ${at("02")})`, `(1, ${at("03")})`),
  });
  for (const [uri, expected] of [
    [name, ["1", "2"]],
    [join(dir, name), ["1", "2"]],
    [`${name}/y.parquet`, [null, "2"]],
    ["[[]odd]*/*/x.parquet", ["1", "1"]],
    [`file://${encodeURI(dir)}/${encodeURIComponent(name)}/y.parquet`, [null, "2"]],
  ] as const) {
    const views = new Map([
      [
        "v",
        {
          name: "v",
          features: [{ name: "a", type: "Int64" }],
          joinKeys: ["id"],
          joinKeyTypes: ["Int64"],
          ttl: 0,
          source: { uri, timestampField: "ts", createdTimestampColumn: undefined, fieldMapping: {} },
        },
      ],
    ]);
    const repository = { ...(await openFeatureRepository(dir)), views };
    const out = join(dir, "out.parquet");
    await historicalFeatures(repository, { features: ["v:a"] }, join(dir, "[e].parquet")).toParquet(out);
    t.deepEqual(
      (await readRows(out)).map(([, , a]) => a),
      expected,
      uri,
    );
  }
});

test("refuses a folder without Parquet, and says where", async (t) => {
  const dir = await testRepository(t, { views: [{ ...view, uri: "empty" }], parquet: { "e.parquet": source } });
  await mkdir(join(dir, "empty"));
  const job = historicalFeatures(await openFeatureRepository(dir), { features: ["v:a"] }, join(dir, "e.parquet"));
  await t.throwsAsync(job.toParquet(join(dir, "out.parquet")), { message: /empty: that folder has no .parquet file/ });
});

test("CSV: join keys have the feature data's type, so that leading zeros stay, and extra columns are carried along", async (t) => {
  const parquet = { "v.parquet": rows("id, ts, a", `('007', ${at("02")}, 1)`, `('7', ${at("02")}, 2)`) };
  const csv = "csv:Note,id,event_timestamp,note\nx,007,2024-01-03,1.5\ny,7,2024-01-03T00:00:00+02:00,\n";
  const views = [{ ...view, keys: { id: "String" } as const }];
  const dir = await testRepository(t, { views, parquet, files: { "e.csv": csv.slice(4).replace("Note,", "Remark,") } });
  const job = historicalFeatures(await openFeatureRepository(dir), { features: ["v:a"] }, join(dir, "e.csv"));
  await job.toParquet(join(dir, "out.parquet"));
  t.deepEqual(await readRows(join(dir, "out.parquet")), [
    ["x", "007", "2024-01-03 00:00:00+00", "1.5", "1"],
    ["y", "7", "2024-01-02 22:00:00+00", null, "2"],
  ]);
  await t.throwsAsync(joined(t, csv, { views, parquet }), {
    message: /different names \(apart from case\), got Note, note/,
  });
});

test("an entity column that differs from the join key in case only is another column", async (t) => {
  const csv = "csv:ID,event_timestamp,id\n2,2024-01-03,1\n";
  await t.throwsAsync(joined(t, csv, {}), { message: /different names/ });
  await t.throwsAsync(joined(t, csv.replace(",id", ",key"), {}), { message: /add id$/ });
});

test("a failed write leaves the old file as it was, and nothing else", async (t) => {
  const dir = await testRepository(t, { views: [view], parquet: { "v.parquet": source } });
  await mkdir(join(dir, "out"));
  await writeFile(join(dir, "out", "rows.parquet"), "old");
  await writeFile(join(dir, "e.csv"), "id,event_timestamp\nx,2024-01-03\n");
  const job = historicalFeatures(await openFeatureRepository(dir), { features: ["v:a"] }, join(dir, "e.csv"));
  await t.throwsAsync(job.toParquet(join(dir, "out", "rows.parquet")), { name: "FeatureError" });
  t.deepEqual(await readdir(join(dir, "out")), ["rows.parquet"]);
  await t.throwsAsync(job.toParquet(join(dir, "e.csv")), { message: /another file to write/ });
});
