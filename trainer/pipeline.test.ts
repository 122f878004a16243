import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { compareGolden } from "../mlflow/expectation.ts";
import { readModelFolder } from "../mlflow/model-folder.ts";
import { openStore } from "../mlflow/open-store.ts";
import { type MlflowStore, versionTags } from "../mlflow/store.ts";
import { splitByTime } from "./evaluation/split-by-time.ts";
import type { TrainingSet } from "./features/index.ts";
import { fingerprint } from "./fingerprint.ts";
import { OnnxModel } from "./onnx/onnx-model.ts";
import {
  findTrained,
  fingerprintOf,
  planTraining,
  type TrainingPlan,
  type TrainingProgress,
  train,
} from "./pipeline.ts";
import { normalizeTrainingSpec, type TrainingSpec } from "./training-spec.ts";

const day = 86_400_000;

/** A training of rows made up here, a row an hour: the label is 1 for greater values of `a`, mostly. */
function madeUpPlan(given: Partial<TrainingSpec> = {}): TrainingPlan {
  const rows = 3000;
  const column = (value: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => value(row));
  const set: TrainingSet = {
    rows,
    features: [
      { name: "a", type: "long", values: column((row) => (row * 7919) % 100) },
      { name: "b", type: "double", values: column((row) => (row % 10 === 0 ? Number.NaN : ((row * 31) % 97) / 7)) },
    ],
    eventTimestamp: column((row) => (row * day) / 24),
    label: column((row) => ((row * 7919) % 100 > 50 === row % 9 > 0 ? 1 : 0)),
    labelName: "churned",
    definitions: ['{"name":"a"}', '{"name":"b"}'],
  };
  const spec = normalizeTrainingSpec({
    entities: "rows.csv",
    labelHorizonDays: 3,
    forest: { nEstimators: 12 },
    ...given,
  });
  return {
    spec,
    set,
    split: splitByTime(set.eventTimestamp, { labelHorizonDays: spec.labelHorizonDays }),
    lineage: {
      project: "shop",
      service: "churn_features",
      featureRefs: ["purchases:a", "support:b"],
      featureService: {
        project: "shop",
        name: "churn_features",
        joinKeys: [{ name: "customer_id", type: "Int64" }],
        features: [
          { name: "a", view: "purchases", feature: "a", ttlSeconds: 0 },
          { name: "b", view: "support", feature: "b", ttlSeconds: 86_400 },
        ],
      },
    },
    fingerprint: fingerprint(spec, set),
  };
}

async function temporaryStore(t: ExecutionContext): Promise<MlflowStore> {
  const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return openStore(join(folder, "mlruns"));
}

test("trains, proves, registers; the same plan is not trained again", async (t) => {
  const store = await temporaryStore(t);
  const plan = madeUpPlan();
  const seen: TrainingProgress[] = [];
  const first = await train(plan, store, { onProgress: (progress) => seen.push(progress) });
  t.like(first, { model: "churn_predictor_feast", version: "1", reused: false });
  t.true(first.metrics.accuracy! > first.metrics.baseline_accuracy!);
  t.deepEqual([...new Set(seen.map(({ step }) => step))], ["train", "evaluate", "export", "register"]);
  t.is(seen.filter(({ step }) => step === "train").length, 13);
  const again = await train(madeUpPlan(), store, { onProgress: (progress) => seen.push(progress) });
  t.deepEqual(again, { ...first, metrics: again.metrics, reused: true });
  for (const [name, value] of Object.entries(first.metrics)) t.is(again.metrics[name], value);
  t.is(seen.at(-1)?.step, "reuse");
  const other = await train(madeUpPlan({ forest: { nEstimators: 11 } }), store);
  t.like(other, { version: "2", reused: false });
  t.is((await findTrained(store, plan.spec.model, plan.fingerprint))?.version, "1");
});

test("what is registered says where it came from", async (t) => {
  const store = await temporaryStore(t);
  const plan = madeUpPlan();
  const { version, runId, sha256 } = await train(plan, store);
  const registered = (await store.getVersion(plan.spec.model, version))!;
  t.deepEqual(fingerprintOf(registered), plan.fingerprint);
  t.is(registered.tags[versionTags.sha256], sha256);
  t.is(registered.tags["feast.feature_service"], "churn_features");
  const run = await store.getRun(runId);
  t.like(run.params, {
    n_estimators: "12",
    max_depth: "10",
    tree_learner: "histogram",
    label: "churned",
    label_horizon_days: "3",
    test_from: "1970-04-11",
    last_training_timestamp: "1970-04-08",
    train_rows: String(plan.split.trainRows),
    test_rows: String(plan.set.rows - plan.split.testStart),
  });
  t.like(run.tags, {
    "feast.project": "shop",
    "feast.retrieval_type": "historical",
    "feast.feature_service": "churn_features",
    "feast.feature_views": "purchases,support",
    "feast.feature_refs": "purchases:a,support:b",
    "feast.entity_count": "3000",
    "feast.feature_count": "2",
  });
});

test("the model folder's golden sample comes back from its ONNX file", async (t) => {
  const store = await temporaryStore(t);
  const plan = madeUpPlan();
  const { version } = await train(plan, store);
  const folder = join(await mkdtemp(join(tmpdir(), "pipeline-")), "model");
  t.teardown(() => rm(join(folder, ".."), { recursive: true, force: true }));
  await store.downloadModel((await store.getVersion("churn_predictor_feast", version))!, folder);
  const { onnx, classes, golden, signature, baseline, featureService } = await readModelFolder(folder);
  const model = await OnnxModel.load(onnx, classes as number[]);
  const columns = golden!.columns.map((_, index) => Float64Array.from(golden!.rows, (row) => row[index] ?? Number.NaN));
  const { predictions, probabilities } = await model.predict(columns);
  await model.release();
  const asRows = golden!.rows.map((_, row) => [...probabilities.subarray(2 * row, 2 * row + 2)]);
  t.is(compareGolden(golden!, asRows, [...predictions], 0), undefined);
  t.true(golden!.rows.some(([, b]) => b === null));
  t.deepEqual(
    signature!.inputs.map(({ required }) => required),
    [true, false],
  );
  t.deepEqual(
    baseline!.map(({ name }) => name),
    ["a", "b"],
  );
  t.deepEqual(featureService, plan.lineage.featureService);
});

test("a training that is aborted registers nothing, and the next one starts anew", async (t) => {
  const store = await temporaryStore(t);
  const abort = new AbortController();
  const onProgress = (progress: TrainingProgress) => {
    if (progress.step === "train" && progress.done === 2) abort.abort(new Error("enough"));
  };
  await t.throwsAsync(() => train(madeUpPlan(), store, { signal: abort.signal, onProgress }), { message: "enough" });
  t.deepEqual(await store.listVersions("churn_predictor_feast"), []);
  t.like(await train(madeUpPlan(), store), { version: "1", reused: false });
});

test("refuses a split of the sample that leaks before anything is trained", (t) =>
  t.throwsAsync(() => planTraining({ trainBefore: "1998-01-01", testFrom: "1998-03-01" }), {
    message: /the split leaks.*1997-12-15.*expected testFrom 1998-03-15 or later/,
  }));

const refusedLabels = test.macro({
  async exec(t, labels: readonly [number, number, number], message: RegExp) {
    const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    const entities = join(folder, "labels.csv");
    const times = ["1997-06-02", "1997-06-03", "1997-12-02"];
    const lines = times.map((time, row) => `${row + 1},${time},${labels[row]}`);
    await writeFile(entities, ["customer_id,event_timestamp,churned", ...lines].join("\n"));
    await t.throwsAsync(() => planTraining({ entities, testFrom: "1997-12-01" }), { message });
  },
  title: (name) => `refuses ${name} before anything is trained`,
});
test("one class alone", refusedLabels, [1, 1, 0], /two classes among the 2 training rows, got churned 1 alone/);
test("a class in the test alone", refusedLabels, [1, 0, 2], /got churned 2 in test rows alone/);

test("a moved repository, and the same rows in another order, are the same training", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await cp(join(import.meta.dirname, "sample"), join(folder, "moved"), { recursive: true });
  const rows = Array.from({ length: 60 }, (_, row) => [
    row + 1,
    row < 40 ? "1997-06-02" : "1997-12-02 00:00:00",
    row % 2,
  ]);
  const plans = await Promise.all(
    [rows, rows.toReversed()].map(async (ordered, index) => {
      const entities = join(folder, `labels-${index}.csv`);
      await writeFile(
        entities,
        ["customer_id,event_timestamp,churned", ...ordered.map((row) => row.join())].join("\n"),
      );
      return planTraining({
        ...(index === 1 && { repository: join(folder, "moved") }),
        entities,
        testFrom: "1997-12-01",
      });
    }),
  );
  t.deepEqual(plans[1]!.fingerprint, plans[0]!.fingerprint);
});

test("the sample is divided as its description says", async (t) => {
  const plan = await planTraining({});
  t.is(plan.split.trainRows, 188_560);
  t.is(plan.set.rows - plan.split.testStart, 47_140);
  t.deepEqual(plan.lineage.featureRefs.slice(-2), [
    "customer_purchases:account_age_days",
    "customer_support:support_tickets_count",
  ]);
  t.like(plan.lineage.featureService, {
    project: "churn",
    name: "churn_features",
    joinKeys: [{ name: "customer_id", type: "Int64" }],
  });
});
