import { join } from "node:path";
import { rank } from "../evaluation/ranking.ts";
import { splitByTime } from "../evaluation/split-by-time.ts";
import { historicalFeatures, openFeatureRepository } from "../features/index.ts";
import type { RandomForestClassifier } from "./random-forest-classifier.ts";

/** Rows to learn from or to judge by. */
export interface LabelledRows {
  readonly columns: readonly Float64Array[];
  /** 1: churned. */
  readonly labels: Float64Array;
}

/** The sample's rows, joined by its own feature service and split by time: what tests and benchmarks measure on. */
export async function sampleSplit(): Promise<{ train: LabelledRows; test: LabelledRows }> {
  const sample = join(import.meta.dirname, "..", "sample");
  const repository = await openFeatureRepository(sample);
  const entities = join(sample, "data", "churn_labels.parquet");
  const set = await historicalFeatures(repository, { service: "churn_features" }, entities).toTrainingSet("churned");
  const rule = { labelHorizonDays: 90, trainBefore: Date.UTC(1998, 0, 1) };
  const { trainRows, testStart } = splitByTime(set.eventTimestamp, rule);
  const rows = (start: number, end: number): LabelledRows => ({
    columns: set.features.map(({ values }) => values.slice(start, end)),
    labels: set.label.slice(start, end),
  });
  return { train: rows(0, trainRows), test: rows(testStart, set.rows) };
}

/** ROC AUC of a forest of two classes. */
export function rocAuc(forest: RandomForestClassifier, { columns, labels }: LabelledRows): number {
  const probabilities = forest.predictProba(columns);
  const positive = Float64Array.from(labels, (_, row) => probabilities[2 * row + 1]!);
  return rank(Uint8Array.from(labels), positive).rocAuc!;
}
