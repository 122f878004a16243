import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { readModelFolder } from "../../mlflow/model-folder.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { answersFrom } from "../../trainer/answers.ts";
import { evaluate, type Judgement } from "../../trainer/evaluation/evaluate.ts";
import { RandomForestClassifier } from "../../trainer/forest/random-forest-classifier.ts";
import { exportForest } from "../../trainer/onnx/export-forest.ts";
import { planTraining, type TrainedVersion, type TrainingPlan, train } from "../../trainer/pipeline.ts";
import { python, run } from "./python.ts";

const script = join(import.meta.dirname, "pipeline.py");

let folder: string;
let plan: TrainingPlan;
let trained: TrainedVersion;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "pipeline-peer-"));
  plan = await planTraining({});
  trained = await train(plan, openStore(join(folder, "mlruns")));
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

/** Runs one command of pipeline.py and gives what it prints. */
// biome-ignore lint/suspicious/noExplicitAny: JSON of Python's, asserted part by part
async function peer(...args: (string | number)[]): Promise<any> {
  const env = {
    ...process.env,
    MLFLOW_ALLOW_FILE_STORE: "true",
    MLFLOW_TRACKING_URI: join(folder, "mlruns"),
  };
  return JSON.parse(await run(await python(), [script, ...args.map(String)], { env, cwd: folder }));
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Rows whose labels hold every class, with scores from a few values, so that ties abound. */
function judgements(classes: readonly number[]): fc.Arbitrary<Judgement> {
  const weights = fc.array(fc.constantFrom(1, 2, 3, 8, 1e9), { minLength: classes.length, maxLength: classes.length });
  const row = fc.tuple(fc.constantFrom(...classes), weights);
  return fc.array(row, { minLength: 5, maxLength: 80 }).map((rows) => {
    const labels = Float64Array.from(rows, ([label], index) => classes[index] ?? label);
    const probabilities = Float64Array.from(
      rows.flatMap(([, parts]) => parts.map((part) => part / parts.reduce((sum, each) => sum + each, 0))),
    );
    return { labels, ...answersFrom(probabilities, classes), classes, majority: labels[0]! };
  });
}

test("metrics are scikit-learn's, for two classes and more, with ties", async (t) => {
  const cases = [
    [0, 1],
    [3, 8],
    [0, 1, 2],
    [-4, 0, 7, 9],
  ].flatMap((classes, seed) => fc.sample(judgements(classes), { seed, numRuns: 40 }));
  const asJson = cases.map((judgement) => ({
    ...judgement,
    labels: [...judgement.labels],
    predictions: [...judgement.predictions],
    probabilities: [...judgement.probabilities],
  }));
  const expected = await peer("metrics", await file("judgements.json", JSON.stringify(asJson)));
  for (const [index, judgement] of cases.entries()) {
    const { metrics } = evaluate(judgement);
    t.deepEqual(Object.keys(metrics), Object.keys(expected[index]));
    for (const [name, value] of Object.entries(metrics))
      t.true(
        Math.abs(value - expected[index][name]) < 1e-9,
        `${name}: ${value}, scikit-learn ${expected[index][name]}`,
      );
  }
});

test("on the sample, the forest is as good as scikit-learn's on the same rows", async (t) => {
  const { set, split } = plan;
  const columns = [set.label, ...set.features.map(({ values }) => values)];
  const path = await file("rows.f64", Buffer.concat(columns.map((column) => Buffer.from(column.slice().buffer))));
  const expected = await peer("forest", path, set.rows, columns.length, split.trainRows, split.testStart);
  t.log(`ROC AUC ${trained.metrics.roc_auc}, scikit-learn ${expected.roc_auc}`);
  t.log(`accuracy ${trained.metrics.accuracy}, scikit-learn ${expected.accuracy}`);
  t.true(Math.abs(trained.metrics.roc_auc! - expected.roc_auc) < 0.005);
  t.true(Math.abs(trained.metrics.accuracy! - expected.accuracy) < 0.005);
});

test("Python's pyfunc gives the golden sample's answers, from a DataFrame of named columns", async (t) => {
  const { golden, answers, metrics, service, datasets } = await peer("model", trained.model, trained.version);
  t.deepEqual(answers, {
    label: golden.predictions,
    probability_0: golden.probabilities.map(([first]: number[]) => first),
    probability_1: golden.probabilities.map(([, second]: number[]) => second),
  });
  t.deepEqual(metrics, trained.metrics);
  t.is(service, "churn_features");
  t.deepEqual(datasets, ["churn_features"]);
});

async function assertGraph(
  t: ExecutionContext,
  name: string,
  onnx: Uint8Array,
  rows: readonly (readonly (number | null)[])[],
  expected: Readonly<Record<string, readonly number[]>>,
): Promise<void> {
  // JSON has no NaN, and numpy makes one of null
  const paths = [await file(`${name}.onnx`, onnx), await file(`${name}.json`, JSON.stringify(rows))];
  t.deepEqual(await peer("graph", ...paths), expected);
}

test("onnx accepts the sample's graph, and Python's ONNX Runtime gives the golden sample's answers", async (t) => {
  const store = openStore(join(folder, "mlruns"));
  await store.downloadModel((await store.getVersion(trained.model, trained.version))!, join(folder, "model"));
  const { onnx, golden } = await readModelFolder(join(folder, "model"));
  await assertGraph(t, "sample", onnx, golden!.rows, {
    label: golden!.predictions,
    probability_0: golden!.probabilities.map(([first]) => first!),
    probability_1: golden!.probabilities.map(([, second]) => second!),
  });
});

test("onnx accepts a graph of more classes with missing values, and Python answers as the forest does", async (t) => {
  const count = 500;
  const column = (value: (row: number) => number) => Float64Array.from({ length: count }, (_, row) => value(row));
  const columns = [
    column((row) => (row % 7 === 0 ? Number.NaN : ((row * 37) % 101) / 3)),
    column((row) => (row * 53) % 97),
  ];
  const labels = column((row) => [10, 20, 30, -4][((row * 37) % 101) % 4]!);
  const forest = await new RandomForestClassifier({ nEstimators: 9, maxDepth: 6 }).fit(columns, labels);
  const rows = Array.from({ length: count }, (_, row) =>
    columns.map((values) => (Number.isNaN(values[row]) ? null : values[row]!)),
  );
  const { predictions, probabilities } = answersFrom(forest.predictProba(columns), forest.classes);
  const expected = forest.classes.map((label, index): [string, number[]] => [
    `probability_${label}`,
    rows.map((_, row) => probabilities[row * forest.classes.length + index]!),
  ]);
  await assertGraph(t, "multiclass", exportForest(forest, [true, true]), rows, {
    label: [...predictions],
    ...Object.fromEntries(expected),
  });
});
