import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differingCells } from "../tests/peers/differing-cells.ts";
import { python, run } from "../tests/peers/python.ts";

/**
 * Feature retrieval on the sample, its whole label table: our command beside Feast's default store (dask) and its duckdb
 * store. Each reads the entity rows from Parquet and writes the joined rows as Parquet. In one run, interleaved, three
 * rounds, medians: of the whole process, as a user waits for it, and of the retrieval alone, imports aside.
 */
const rounds = 3;
const root = join(import.meta.dirname, "..");
const sample = join(root, "trainer", "sample");
const labels = join("data", "churn_labels.parquet");
const service = "churn_features";

interface Seconds {
  readonly whole: number;
  readonly retrieval: number;
}

async function ours(out: string): Promise<number> {
  const options = ["--repo", sample, "--service", service, "--entities", join(sample, labels), "--out", out];
  const printed = await run(process.execPath, [join(root, "trainer", "cli", "features.ts"), ...options]);
  return Number(/ in ([\d.]+) s/.exec(printed)?.[1]);
}

async function feast(store: string, out: string): Promise<number> {
  const jobs = JSON.stringify([{ selection: service, entities: labels, full: false, out }]);
  const script = join(root, "tests", "peers", "feast_join.py");
  const env = { ...process.env, PYTHONSAFEPATH: "1" };
  const printed = await run(await python(), [script, sample, store, jobs], { env });
  return JSON.parse(printed.trim().split("\n").at(-1)!)[0].seconds;
}

const contenders: Readonly<Record<string, (out: string) => Promise<number>>> = {
  "npm run features": ours,
  "Feast, default store (dask)": (out) => feast("dask", out),
  "Feast, duckdb store": (out) => feast("duckdb", out),
};

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function measure(dir: string): Promise<Map<string, Seconds[]>> {
  const measured = new Map<string, Seconds[]>();
  for (let round = 1; round <= rounds; round++)
    for (const [place, [name, contender]] of Object.entries(contenders).entries()) {
      const started = performance.now();
      const retrieval = await contender(join(dir, `${place}.parquet`));
      const whole = (performance.now() - started) / 1000;
      measured.set(name, [...(measured.get(name) ?? []), { whole, retrieval }]);
      console.error(`round ${round}: ${name}, ${whole.toFixed(2)} s`);
    }
  return measured;
}

function table(measured: ReadonlyMap<string, readonly Seconds[]>): string {
  const medians = [...measured].map(([name, seconds]) => ({
    name,
    whole: median(seconds.map(({ whole }) => whole)),
    retrieval: median(seconds.map(({ retrieval }) => retrieval)),
  }));
  const [first] = medians;
  const lines = medians.map(({ name, whole, retrieval }) => {
    const ratios = [whole / first!.whole, retrieval / first!.retrieval].map((ratio) => `${ratio.toFixed(1)}×`);
    return `| ${name} | ${whole.toFixed(2)} | ${ratios[0]} | ${retrieval.toFixed(2)} | ${ratios[1]} |`;
  });
  return ["| | whole process, s | ratio | retrieval, s | ratio |", "|---|---|---|---|---|", ...lines].join("\n");
}

const dir = await mkdtemp(join(tmpdir(), "bench-features-"));
try {
  await python();
  const measured = await measure(dir);
  const rowKey = ["customer_id", "event_timestamp"];
  const differing = await differingCells(join(dir, "0.parquet"), join(dir, "2.parquet"), rowKey);
  console.log(`${table(measured)}\n\ncells that differ from Feast's duckdb store: ${differing}`);
} finally {
  await rm(dir, { recursive: true });
}
