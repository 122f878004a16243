import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { FeatureDrift } from "../../inference/metrics/feature-drift.ts";
import { featureBaseline } from "../../trainer/artifact/baseline.ts";
import { planTraining, type TrainingPlan } from "../../trainer/pipeline.ts";
import { python, run } from "./python.ts";

/** What numpy makes of one feature. */
interface Reference {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly psi: number;
  readonly missing: number;
}

type Columns = Readonly<Record<string, Float64Array>>;

let plan: TrainingPlan;

test.before(async () => {
  plan = await planTraining({});
});

/** The sample's features in rows `from` up to `to`. */
function columns(from: number, to: number): Columns {
  return Object.fromEntries(plan.set.features.map(({ name, values }) => [name, values.slice(from, to)]));
}

function changed(given: Columns, change: (value: number, row: number) => number): Columns {
  return Object.fromEntries(Object.entries(given).map(([name, values]) => [name, values.map(change)]));
}

async function reference(training: Columns, asked: Columns): Promise<Record<string, Reference>> {
  const folder = await mkdtemp(join(tmpdir(), "psi-"));
  try {
    for (const [name, given] of Object.entries({ training, asked })) {
      const lists = Object.entries(given).map(([feature, values]) => [feature, Array.from(values)]);
      await writeFile(join(folder, `${name}.json`), JSON.stringify(Object.fromEntries(lists)));
    }
    return JSON.parse(await run(await python(), [join(import.meta.dirname, "psi.py"), folder]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Asks for rows, three a request. */
function ask(drift: FeatureDrift, asked: Columns): void {
  const features = Object.values(asked);
  const total = features[0]!.length;
  for (let from = 0; from < total; from += 3) {
    const count = Math.min(3, total - from);
    const values = Float64Array.from(
      { length: count * features.length },
      (_, at) => features[at % features.length]![from + Math.floor(at / features.length)]!,
    );
    drift.add({ count, values });
  }
}

for (const [title, change] of Object.entries<(value: number, row: number) => number>({
  "as they are": (value) => value,
  "half as large again": (value) => value * 1.5,
  "moved by ten": (value) => value + 10,
  "a third of them missing": (value, row) => (row % 3 === 0 ? Number.NaN : value),
  "all of them the same": () => 7,
  "the other way round": (value) => -value,
}))
  test(`the sample's later rows, ${title}, have the index that numpy computes against its training rows`, async (t) => {
    const { split, set } = plan;
    const training = columns(0, split.trainRows);
    const asked = changed(columns(split.testStart, set.rows), change);
    const baseline = Object.entries(training).map(([name, values]) => featureBaseline(name, values));
    const drift = new FeatureDrift(Object.keys(training), baseline);
    ask(drift, asked);
    const [psi, missing] = [drift.psi(), drift.missingRatio()];
    const expected = await reference(training, asked);

    t.is(psi.size, set.features.length);
    for (const { name, edges, counts } of baseline) {
      const peer = expected[name]!;
      t.deepEqual({ edges, counts }, { edges: peer.edges, counts: peer.counts }, name);
      t.true(Math.abs(psi.get(name)! - peer.psi) <= 1e-12 * Math.max(1, peer.psi), name);
      t.true(Math.abs(missing.get(name)! - peer.missing) <= 1e-15, name);
    }
  });
