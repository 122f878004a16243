import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { python } from "../tests/peers/python.ts";
import { RandomForestClassifier } from "../trainer/forest/random-forest-classifier.ts";
import { type LabelledRows, rocAuc, sampleSplit } from "../trainer/forest/test-sample.ts";

/**
 * Training on the sample's rows, in memory before the clock starts: our forest beside scikit-learn's on all cores and
 * LightGBM's random forest mode. In one run, interleaved, after one round that isn't counted; medians, and the ROC AUC
 * on the later months, so that no speed is bought with quality.
 */
const rounds = 5;
const trees = 100;
const depth = 10;

interface Fit {
  readonly seconds: number;
  readonly rocAuc: number;
}

async function ours(train: LabelledRows, test: LabelledRows): Promise<Fit> {
  const started = performance.now();
  const forest = new RandomForestClassifier({ nEstimators: trees, maxDepth: depth });
  await forest.fit(train.columns, train.labels);
  return { seconds: (performance.now() - started) / 1000, rocAuc: rocAuc(forest, test) };
}

function write(path: string, { columns, labels }: LabelledRows): Promise<void> {
  return writeFile(path, Buffer.concat([...columns, labels].map((column) => new Uint8Array(column.buffer))));
}

/** The Python process, which loads its libraries and the rows once; a question gives its next answer. */
async function startPeer(folder: string, features: number) {
  const script = join(import.meta.dirname, "training.py");
  const args = [script, folder, ...[trees, depth, features].map(String)];
  const child = spawn(await python(), args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended with ${child.exitCode ?? child.signalCode} instead of an answer`);
    return JSON.parse(value);
  };
  const versions: Readonly<Record<string, string>> = await answer();
  return {
    versions,
    fit: (name: string): Promise<Fit> => {
      child.stdin.write(`${name}\n`);
      return answer();
    },
    stop: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

function table(measured: ReadonlyMap<string, readonly Fit[]>): string {
  const lines = [...measured].map(([name, fits]) => {
    const seconds = fits.map((fit) => fit.seconds).sort((a, b) => a - b);
    return {
      name,
      median: seconds[seconds.length >> 1]!,
      low: seconds[0]!,
      high: seconds.at(-1)!,
      auc: fits[0]!.rocAuc,
    };
  });
  const first = lines[0]!.median;
  return [
    "| | fit, s: median (range) | ratio | ROC AUC |",
    "|---|---|---|---|",
    ...lines.map(
      ({ name, median, low, high, auc }) =>
        `| ${name} | ${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) | ${(median / first).toFixed(1)}× | ${auc.toFixed(4)} |`,
    ),
  ].join("\n");
}

const folder = await mkdtemp(join(tmpdir(), "bench-training-"));
try {
  const { train, test } = await sampleSplit();
  await write(join(folder, "train.bin"), train);
  await write(join(folder, "test.bin"), test);
  const peer = await startPeer(folder, train.columns.length);
  try {
    const contenders: Readonly<Record<string, () => Promise<Fit>>> = {
      "ours, all cores": () => ours(train, test),
      [`scikit-learn ${peer.versions["scikit-learn"]}, all cores`]: () => peer.fit("scikit-learn"),
      [`LightGBM ${peer.versions.lightgbm}, rf mode, all cores`]: () => peer.fit("lightgbm"),
    };
    const measured = new Map<string, Fit[]>(Object.keys(contenders).map((name) => [name, []]));
    for (let round = 0; round <= rounds; round++)
      for (const [name, contender] of Object.entries(contenders)) {
        const fit = await contender();
        if (round > 0) measured.get(name)!.push(fit);
        console.error(`${round === 0 ? "warm-up" : `round ${round}`}: ${name}, ${fit.seconds.toFixed(2)} s`);
      }
    const size = `${train.labels.length} rows × ${train.columns.length} features, ${trees} trees of depth ${depth}`;
    console.log(`${size}, ${availableParallelism()} cores, ${rounds} rounds\n\n${table(measured)}`);
  } finally {
    await peer.stop();
  }
} finally {
  await rm(folder, { recursive: true });
}
