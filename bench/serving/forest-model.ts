import { join } from "node:path";
import { registrationFixture } from "../../mlflow/fixture.ts";
import type { ModelArtifact } from "../../mlflow/model-folder.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { type Answers, answersFrom } from "../../trainer/answers.ts";
import { featureBaseline } from "../../trainer/artifact/baseline.ts";
import { goldenRows, goldenSample } from "../../trainer/artifact/golden-sample.ts";
import { signatureOf } from "../../trainer/artifact/signature.ts";
import type { FeatureColumn } from "../../trainer/features/index.ts";
import { RandomForestClassifier } from "../../trainer/forest/random-forest-classifier.ts";
import { exportForest } from "../../trainer/onnx/export-forest.ts";
import { type Customers, customers } from "./customers.ts";

/** Hyperparameters of every forest that is served, scikit-learn's too. */
export const forestParams = { nEstimators: 100, maxDepth: 10 } as const;

/** A forest that is trained, registered, and lies as a model folder too. */
export interface ForestModel {
  readonly name: string;
  readonly version: string;
  /** Of the file store that it is registered in. */
  readonly trackingUri: string;
  /** As MLflow reads it; `model.onnx` is in it. */
  readonly folder: string;
  readonly trainedOn: Customers;
  /** The forest's own answers, by its trees, not by ONNX Runtime. */
  answer(features: readonly FeatureColumn[]): Answers;
}

/** Trains the forest on customers and registers it in a store below `folder`. */
export async function trainForestModel(folder: string): Promise<ForestModel> {
  const trainedOn = customers(20_000, 0);
  const forest = new RandomForestClassifier(forestParams);
  await forest.fit(valuesOf(trainedOn.features), trainedOn.churned);
  const answer = (features: readonly FeatureColumn[]) =>
    answersFrom(forest.predictProba(valuesOf(features)), forest.classes);

  const trackingUri = join(folder, "mlruns");
  const store = openStore(trackingUri);
  const name = "churn_predictor_feast";
  const artifact = makeArtifact(forest, trainedOn.features, answer);
  const version = await store.logAndRegister(registrationFixture({ model: name, artifact }));
  const modelFolder = join(folder, "model");
  await store.downloadModel(version, modelFolder);
  return { name, version: version.version, trackingUri, folder: modelFolder, trainedOn, answer };
}

function makeArtifact(
  forest: RandomForestClassifier,
  trained: readonly FeatureColumn[],
  answer: ForestModel["answer"],
): ModelArtifact {
  const { classes } = forest;
  const { features } = customers(500, 1);
  const answers = answer(features);
  const golden = goldenSample(features, goldenRows(features, answers.probabilities), answers);
  return {
    onnx: exportForest(
      forest,
      trained.map(() => false),
    ),
    modelType: "RandomForestClassifier",
    classes,
    signature: signatureOf(trained, classes),
    inputExample: [Object.fromEntries(golden.columns.map((name, at) => [name, golden.rows[0]![at]!]))],
    golden,
    baseline: trained.map(({ name, values }) => featureBaseline(name, values)),
  };
}

function valuesOf(features: readonly FeatureColumn[]): Float64Array[] {
  return features.map(({ values }) => values);
}
