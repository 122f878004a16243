import type { GoldenSample, ModelArtifact } from "../../mlflow/model-folder.ts";
import type { Registration } from "../../mlflow/store.ts";
import type { Tree } from "../../trainer/forest/tree.ts";
import { exportForest } from "../../trainer/onnx/export-forest.ts";

/** A tree of one split and two leaves of two classes. */
function stump(feature: number, threshold: number, missingLeft: 0 | 1, left: number, right: number): Tree {
  return {
    feature: Int32Array.of(feature, -1, -1),
    threshold: Float64Array.of(threshold, 0, 0),
    left: Int32Array.of(1, -1, -1),
    right: Int32Array.of(2, -1, -1),
    missingLeft: Uint8Array.of(missingLeft, 0, 0),
    value: Float64Array.of(0.5, 0.5, 1 - left, left, 1 - right, right),
  };
}

const trees = [stump(0, 4.5, 0, 0.75, 0.125), stump(1, 10, 1, 0.5, 0.25)];

/** What the two stumps answer, worked out by hand. */
export const golden: GoldenSample = {
  columns: ["total_purchases", "avg_purchase_value", "support_tickets_count"],
  rows: [
    [3, null, 0],
    [3, 20, 1],
    [10, 52.5, 2],
  ],
  predictions: [1, 0, 0],
  probabilities: [
    [0.375, 0.625],
    [0.5, 0.5],
    [0.8125, 0.1875],
  ],
};

const artifact: ModelArtifact = {
  onnx: exportForest({ trees, classes: [0, 1] }, [false, true, false]),
  modelType: "RandomForestClassifier",
  classes: [0, 1],
  signature: {
    inputs: [
      { name: "total_purchases", type: "long", required: true },
      { name: "avg_purchase_value", type: "double", required: false },
      { name: "support_tickets_count", type: "long", required: true },
    ],
    outputs: [
      { name: "label", type: "long", required: true },
      { name: "probability_0", type: "double", required: true },
      { name: "probability_1", type: "double", required: true },
    ],
  },
  inputExample: [{ total_purchases: 3, avg_purchase_value: null, support_tickets_count: 0 }],
  golden,
  baseline: [],
};

/** A registration whose model Python can run. */
export const registration: Registration = {
  experiment: "feast_ml_deployment",
  model: "churn_predictor_feast",
  runName: "stumps",
  params: { n_estimators: 2, bootstrap: true, max_depth: "none", note: 'ä "quoted": yes\nsecond line' },
  metrics: { roc_auc: 0.8266, log_loss: 1e-7, rows: 47140, gain: -1.5e300 },
  tags: { "feast.feature_service": "churn_features", "mlflow.source.name": "train" },
  versionTags: { training_fingerprint: "0123" },
  dataset: {
    name: "churn_labels",
    digest: "89abcdef",
    source: '{"uri": "labels.parquet"}',
    sourceType: "local",
    schema: '{"mlflow_colspec": [{"type": "long", "name": "total_purchases", "required": true}]}',
    profile: '{"num_rows": 3}',
  },
  artifact,
  startedAt: 1_762_000_000_000,
};
