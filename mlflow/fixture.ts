import protobuf from "protobufjs/minimal.js";
import type { FeatureServiceSpec, ModelArtifact } from "./model-folder/types.ts";
import type { Registration } from "./store.ts";

/** Small registrations that tests share; the ONNX model in them is one by its form, and computes nothing. */

/** An ONNX model of one named initializer; `location` is its TensorProto.data_location. */
export function emptyOnnx(name = "empty", location = 0): Uint8Array {
  const tensor = protobuf.Writer.create().uint32(tag(8, 2)).string(name);
  tensor.uint32(tag(14, 0)).int32(location);
  const graph = protobuf.Writer.create().uint32(tag(5, 2)).bytes(tensor.finish());
  return protobuf.Writer.create().uint32(tag(1, 0)).int64(10).uint32(tag(7, 2)).bytes(graph.finish()).finish();
}

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}

export function artifactFixture(overrides: Partial<ModelArtifact> = {}): ModelArtifact {
  return {
    onnx: emptyOnnx(),
    modelType: "RandomForestClassifier",
    classes: [0, 1],
    signature: {
      inputs: [
        { name: "total_purchases", type: "long", required: true },
        { name: "avg_purchase_value", type: "double", required: false },
      ],
      outputs: [
        { name: "label", type: "long", required: true },
        { name: "probability_0", type: "double", required: true },
        { name: "probability_1", type: "double", required: true },
      ],
    },
    inputExample: [{ total_purchases: 3, avg_purchase_value: null }],
    golden: {
      columns: ["total_purchases", "avg_purchase_value"],
      rows: [
        [3, null],
        [10, 52.5],
      ],
      predictions: [1, 0],
      probabilities: [
        [0.25, 0.75],
        [0.9, 0.1],
      ],
    },
    baseline: [
      {
        name: "total_purchases",
        count: 4,
        missing: 0,
        mean: 2.5,
        std: 1.5,
        min: 1,
        max: 5,
        edges: [2],
        counts: [1, 3],
      },
      {
        name: "avg_purchase_value",
        count: 0,
        missing: 4,
        mean: Number.NaN,
        std: Number.NaN,
        min: Number.NaN,
        max: Number.NaN,
        edges: [],
        counts: [0],
      },
    ],
    ...overrides,
  };
}

/** Of {@link artifactFixture}'s columns. */
export const featureServiceFixture: FeatureServiceSpec = {
  project: "churn",
  name: "churn_features",
  joinKeys: [{ name: "customer_id", type: "Int64" }],
  features: [
    { name: "total_purchases", view: "purchases", feature: "total_purchases", ttlSeconds: 86_400 },
    { name: "avg_purchase_value", view: "purchases", feature: "avg_purchase_value", ttlSeconds: 0 },
  ],
};

export function registrationFixture(overrides: Partial<Registration> = {}): Registration {
  return {
    experiment: "feast_ml_deployment",
    model: "churn_predictor_feast",
    runName: "tiny",
    params: { n_estimators: 100, max_depth: "none", bootstrap: true, note: "two\nlines" },
    metrics: { roc_auc: 0.8266, log_loss: 1e-7, rows: 47140 },
    tags: { "mlflow.source.name": "train", "feast.feature_service": "churn_features" },
    versionTags: { training_fingerprint: "abc" },
    dataset: {
      name: "churn_labels",
      digest: "0123abcd",
      source: '{"uri": "labels.parquet"}',
      sourceType: "local",
      schema: '{"mlflow_colspec": [{"type": "long", "name": "total_purchases", "required": true}]}',
      profile: '{"num_rows": 4}',
    },
    artifact: artifactFixture(),
    startedAt: 1_762_000_000_000,
    ...overrides,
  };
}
