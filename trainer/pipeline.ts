import { type ModelArtifact, sha256Hex } from "../mlflow/model-folder.ts";
import { type MlflowStore, type ModelVersion, versionTags } from "../mlflow/store.ts";
import { type Answers, answersFrom } from "./answers.ts";
import { featureBaseline } from "./artifact/baseline.ts";
import { goldenRows, goldenSample } from "./artifact/golden-sample.ts";
import { signatureOf } from "./artifact/signature.ts";
import { type Evaluation, evaluate } from "./evaluation/evaluate.ts";
import type { FeatureColumn } from "./features/index.ts";
import { type Fingerprint, fingerprintOf, fingerprintTags } from "./fingerprint.ts";
import { RandomForestClassifier } from "./forest/random-forest-classifier.ts";
import { exportForest } from "./onnx/export-forest.ts";
import { OnnxModel } from "./onnx/onnx-model.ts";
import { verifyAnswers } from "./onnx/verify-onnx.ts";
import type { OnTrainingProgress } from "./progress.ts";
import { feastServiceTag, feastTags, runDataset, runParams } from "./run-record.ts";
import type { TrainingPlan } from "./training-plan.ts";

export { type Fingerprint, type FingerprintParts, fingerprintOf, fingerprintParts } from "./fingerprint.ts";
export type { OnTrainingProgress, TrainingProgress } from "./progress.ts";
export { planTraining, type TrainingPlan } from "./training-plan.ts";

/** How {@link train} runs. */
export interface TrainOptions {
  /** Ends the training; nothing is registered then, and `train` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnTrainingProgress | undefined;
}

/** A registered version that a plan was trained to. */
export interface TrainedVersion {
  readonly model: string;
  /** Number in the registry. */
  readonly version: string;
  readonly runId: string;
  /** SHA-256 of `model.onnx`, hex. */
  readonly sha256: string;
  readonly metrics: Readonly<Record<string, number>>;
  /** true: an earlier training of the same fingerprint, nothing was trained. */
  readonly reused: boolean;
}

/** The highest version of the model that a training of this fingerprint registered; undefined where there is none. */
export async function findTrained(
  store: MlflowStore,
  model: string,
  fingerprint: Fingerprint,
): Promise<ModelVersion | undefined> {
  const versions = await store.listVersions(model);
  return versions.find((version) => fingerprintOf(version)?.whole === fingerprint.whole);
}

/**
 * Trains what was planned and registers it, or finds the version that an earlier training of the same fingerprint
 * registered. The version appears last, whole, so a training that fails or is aborted leaves none.
 *
 * @throws Error where ONNX Runtime's answers to the test rows aren't the forest's; MlflowError; the signal's reason.
 */
export async function train(
  plan: TrainingPlan,
  store: MlflowStore,
  options: TrainOptions = {},
): Promise<TrainedVersion> {
  const { signal, onProgress } = options;
  const { spec } = plan;
  const startedAt = Date.now();
  const found = await findTrained(store, spec.model, plan.fingerprint);
  if (found !== undefined) {
    onProgress?.({ step: "reuse", model: found.name, version: found.version });
    const { metrics } = await store.getRun(found.runId);
    return trained(found, metrics, true);
  }
  signal?.throwIfAborted();
  const forest = await fitForest(plan, options);
  const { metrics, answers } = judge(plan, forest, onProgress);
  const artifact = await makeArtifact(plan, forest, answers, options);
  signal?.throwIfAborted();
  onProgress?.({ step: "register", status: "started", model: spec.model, uri: store.uri });
  const registration = {
    experiment: spec.experiment,
    model: spec.model,
    runName: `${spec.model}-${plan.fingerprint.whole.slice(0, 8)}`,
    params: runParams(plan),
    metrics,
    tags: feastTags(plan),
    versionTags: { ...fingerprintTags(plan.fingerprint), ...feastServiceTag(plan.lineage.service) },
    dataset: runDataset(plan, artifact.signature.inputs),
    artifact,
    startedAt,
  };
  const version = await store.logAndRegister(registration, signal);
  onProgress?.({ step: "register", status: "finished", model: version.name, version: version.version });
  return trained(version, metrics, false);
}

function trained(version: ModelVersion, metrics: Readonly<Record<string, number>>, reused: boolean): TrainedVersion {
  const sha256 = version.tags[versionTags.sha256] ?? "";
  return { model: version.name, version: version.version, runId: version.runId, sha256, metrics, reused };
}

async function fitForest({ spec, set, split }: TrainingPlan, { signal, onProgress }: TrainOptions) {
  const forest = new RandomForestClassifier(spec.forest);
  onProgress?.({ step: "train", done: 0, total: forest.params.nEstimators });
  const labels = set.label.subarray(0, split.trainRows);
  const columns = valuesOf(set.features, 0, split.trainRows);
  return forest.fit(columns, labels, {
    signal,
    onTree: (done, total) => onProgress?.({ step: "train", done, total }),
  });
}

/** The forest's answers to the test rows, and how good they are. */
function judge(
  { set, split }: TrainingPlan,
  forest: RandomForestClassifier,
  onProgress: OnTrainingProgress | undefined,
): Pick<Evaluation, "metrics"> & { answers: Answers } {
  const columns = valuesOf(set.features, split.testStart, set.rows);
  const answers = answersFrom(forest.predictProba(columns), forest.classes);
  const evaluation = evaluate({
    labels: set.label.subarray(split.testStart),
    ...answers,
    classes: forest.classes,
    majority: mostFrequent(set.label.subarray(0, split.trainRows)),
  });
  onProgress?.({ step: "evaluate", ...evaluation });
  return { metrics: evaluation.metrics, answers };
}

/** Exports the forest, proves the export on the whole test set, and adds what the model folder carries beside it. */
async function makeArtifact(
  { set, split, lineage }: TrainingPlan,
  forest: RandomForestClassifier,
  answers: Answers,
  { signal, onProgress }: TrainOptions,
): Promise<ModelArtifact> {
  const { classes } = forest;
  const signature = signatureOf(set.features, classes);
  const onnx = exportForest(
    forest,
    signature.inputs.map(({ required }) => !required),
  );
  const testColumns = valuesOf(set.features, split.testStart, set.rows);
  const model = await OnnxModel.load(onnx, classes);
  let onnxAnswers: Answers;
  try {
    onnxAnswers = await model.predict(testColumns, signal);
  } finally {
    await model.release();
  }
  verifyAnswers(onnxAnswers, answers, classes, testColumns);
  onProgress?.({
    step: "export",
    bytes: onnx.length,
    sha256: sha256Hex(onnx),
    verifiedRows: set.rows - split.testStart,
  });
  const testFeatures = set.features.map((feature, index) => ({ ...feature, values: testColumns[index]! }));
  const golden = goldenSample(testFeatures, goldenRows(testFeatures, onnxAnswers.probabilities), onnxAnswers);
  return {
    onnx,
    modelType: "RandomForestClassifier",
    classes,
    signature,
    inputExample: golden.rows
      .slice(0, 3)
      .map((row) => Object.fromEntries(row.map((value, index) => [golden.columns[index]!, value]))),
    golden,
    baseline: set.features.map(({ name, values }) => featureBaseline(name, values.subarray(0, split.trainRows))),
    ...(lineage.featureService && { featureService: lineage.featureService }),
  };
}

function valuesOf(features: readonly FeatureColumn[], start: number, end: number): Float64Array[] {
  return features.map(({ values }) => values.subarray(start, end));
}

/** The most frequent label, the least of them if several are. */
function mostFrequent(labels: Float64Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] < a[0]) ? b : a))[0];
}
