import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { historicalFeatures, openFeatureRepository } from "../../trainer/features/index.ts";
import { testFolder, writeRows } from "../../trainer/features/test-repository.ts";
import { differingCells } from "./differing-cells.ts";
import { peerEnvironment, python, run } from "./python.ts";

const sample = join(import.meta.dirname, "..", "..", "trainer", "sample");
const script = (name: string) => join(import.meta.dirname, name);
/** Other scripts beside Feast's may be called like the packages that it imports. */
const env = { ...process.env, PYTHONSAFEPATH: "1" };

interface Retrieval {
  readonly selection: string;
  readonly entities: string;
  readonly full: boolean;
}

/** For each retrieval, the rows of our answer and the cells of it that differ from those of Feast's duckdb store. */
async function compare(t: ExecutionContext, repository: string, retrievals: readonly Retrieval[], rowKey: string[]) {
  const dir = await testFolder(t);
  const theirs = (place: number) => join(dir, `theirs-${place}.parquet`);
  const jobs = retrievals.map((retrieval, place) => ({ ...retrieval, out: theirs(place) }));
  await run(await python(), [script("feast_join.py"), repository, "duckdb", JSON.stringify(jobs)], { env });
  const opened = await openFeatureRepository(repository);
  const answers = [];
  for (const [place, { selection, entities, full }] of retrievals.entries()) {
    const ours = join(dir, `ours-${place}.parquet`);
    const selected = selection.includes(":") ? { features: selection.split(",") } : { service: selection };
    const job = historicalFeatures(opened, selected, join(repository, entities), { fullFeatureNames: full });
    const rows = await job.toParquet(ours);
    answers.push({ selection, entities, rows, differing: await differingCells(ours, theirs(place), rowKey) });
  }
  return answers;
}

test.serial("on the sample's whole label table no cell differs from Feast's duckdb store", async (t) => {
  const retrieval = { selection: "churn_features", entities: "data/churn_labels.parquet" };
  t.deepEqual(await compare(t, sample, [{ ...retrieval, full: false }], ["customer_id", "event_timestamp"]), [
    { ...retrieval, rows: 282_840, differing: 0 },
  ]);
});

const references = "visits:visits,spending:number,spending:spent,visits:mean,spending:kind,spending:active";

test.serial("on generated rows no cell differs: duplicates, ties, TTL edges, nulls, zones, mappings", async (t) => {
  const repository = await testFolder(t);
  await run(await python(), [script("feast_generate.py"), repository], { env });
  const retrievals = [
    { selection: "plain", entities: "aware.parquet", full: false },
    { selection: "plain", entities: "naive.parquet", full: false },
    { selection: "plain", entities: "text.parquet", full: true },
    { selection: references, entities: "aware.parquet", full: false },
    { selection: "some", entities: "aware.parquet", full: false },
    { selection: "mapped", entities: "aware.parquet", full: true },
    { selection: "everyone", entities: "naive.parquet", full: false },
  ];
  t.deepEqual(
    await compare(t, repository, retrievals, ["row_id"]),
    retrievals.map(({ selection, entities }) => ({ selection, entities, rows: 8_500, differing: 0 })),
  );
});

test("the comparison counts a changed cell, a lost row and a renamed column", async (t) => {
  const dir = await testFolder(t);
  await writeRows(dir, {
    "one.parquet": "from (values (1, 0.5, null), (2, null, 'x'), (3, 'nan'::double, 'y')) as t(id, a, b)",
    "cell.parquet": "from (values (3, 'nan'::double, 'y'), (1, 0.5, null), (2, 0.0, 'x')) as t(id, a, b)",
    "row.parquet": "from (values (1, 0.5, null), (2, null, 'x')) as t(id, a, b)",
    "column.parquet": "from (values (1, 0.5, null), (2, null, 'x'), (3, 'nan'::double, 'y')) as t(id, a, c)",
  });
  const count = (other: string) => differingCells(join(dir, "one.parquet"), join(dir, other), ["id"]);
  t.deepEqual(
    await Promise.all(["one", "cell", "row", "column"].map((name) => count(`${name}.parquet`))),
    [0, 1, 3, 6],
  );
});

for (const [command, expected] of [
  [["feature-views", "list"], /customer_support[\s\S]*customer_purchases/],
  [["feature-services", "list"], /churn_features/],
  [["entities", "list"], /customer/],
  [["feature-views", "describe", "customer_support"], /support_tickets_count/],
] as const)
  test.serial(`Feast's own tools open the sample: feast ${command.join(" ")}`, async (t) => {
    const feast = join(await peerEnvironment(), "bin", "feast");
    t.regex(await run(feast, ["--chdir", sample, ...command], { env }), expected);
  });
