import type { FeatureServiceSpec } from "../mlflow/model-folder.ts";
import { splitByTime, type TimeSplit } from "./evaluation/split-by-time.ts";
import { historicalFeatures, openFeatureRepository, type TrainingSet } from "./features/index.ts";
import { type Fingerprint, fingerprint } from "./fingerprint.ts";
import { labelledRows } from "./labelled-rows.ts";
import type { OnTrainingProgress } from "./progress.ts";
import { normalizeTrainingSpec, type TrainingSpec } from "./training-spec.ts";
import { parseUtcTime } from "./utc-time.ts";

/** Where the features came from, in Feast's words. */
export interface FeatureLineage {
  readonly project: string;
  readonly service: string | undefined;
  /** `view:feature` of each column, in the model's order. */
  readonly featureRefs: readonly string[];
  /** Of `service`. */
  readonly featureService: FeatureServiceSpec | undefined;
}

/** A training that is ready to run: its rows, how they are divided, and the fingerprint that says whether it has run before. */
export interface TrainingPlan {
  /** Complete, with absolute paths. */
  readonly spec: TrainingSpec;
  /** All rows that have a label. */
  readonly set: TrainingSet;
  readonly split: TimeSplit;
  readonly lineage: FeatureLineage;
  readonly fingerprint: Fingerprint;
}

/**
 * Joins the features, divides the rows by time and computes the fingerprint; trains nothing, writes nothing.
 *
 * @param spec what it leaves out is the sample's
 * @throws TrainingSpecError for a field that can't be used; an error for data that can't be read, or a split that leaks.
 */
export async function planTraining(
  spec: Partial<TrainingSpec>,
  options: { readonly onProgress?: OnTrainingProgress | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<TrainingPlan> {
  const { onProgress, signal } = options;
  const complete = normalizeTrainingSpec(spec);
  const { repository: folder, service, features, entities, label } = complete;
  onProgress?.({ step: "features", status: "started", repository: folder });
  const repository = await openFeatureRepository(folder);
  const selection = features === undefined ? { service: service! } : { features };
  const job = historicalFeatures(repository, selection, entities);
  const set = labelledRows(await job.toTrainingSet(label));
  signal?.throwIfAborted();
  const split = splitByTime(set.eventTimestamp, {
    labelHorizonDays: complete.labelHorizonDays,
    trainBefore: optionalTime(complete.trainBefore),
    testFrom: optionalTime(complete.testFrom),
  });
  checkClasses(set, split);
  const [trainRows, testRows] = [split.trainRows, set.rows - split.testStart];
  onProgress?.({
    step: "features",
    status: "finished",
    rows: set.rows,
    features: set.features.length,
    trainRows,
    testRows,
  });
  const featureRefs = job.features.map(({ view, feature }) => `${view}:${feature}`);
  const lineage = { project: repository.project, service, featureRefs, featureService: job.featureService };
  return { spec: complete, set, split, lineage, fingerprint: fingerprint(complete, set) };
}

/** Every class must be learnt before it is tested, and a classifier needs two. */
function checkClasses({ label, labelName }: TrainingSet, { trainRows, testStart }: TimeSplit): void {
  const classes = new Set(label.subarray(0, trainRows));
  if (classes.size < 2)
    throw new Error(
      `expected at least two classes among the ${trainRows} training rows, got ${labelName} ${[...classes]} alone: ` +
        "give entity rows of more time, or split later",
    );
  const unknown = label.subarray(testStart).find((value) => !classes.has(value));
  if (unknown !== undefined)
    throw new Error(
      `expected every class of the test rows among the training rows, got ${labelName} ${unknown} in test rows alone: ` +
        "split later, or leave that class out",
    );
}

function optionalTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseUtcTime(text);
}
