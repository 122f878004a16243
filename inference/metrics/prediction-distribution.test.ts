import test from "ava";
import { Registry } from "prom-client";
import type { Predictions } from "../features/feature-rows.ts";
import type { ModelSchema } from "../model/model-schema.ts";
import { labelsCounted } from "./class-counts.ts";
import { PredictionDistribution } from "./prediction-distribution.ts";

const classifier: ModelSchema = {
  columns: [],
  task: "classification",
  prediction: "integer",
  probabilities: true,
  classes: [0, 1],
  signature: "columns",
  outputs: [],
};

function distribution(schema: ModelSchema, ...predictions: Predictions[]) {
  const registry = new Registry();
  const made = new PredictionDistribution(registry);
  made.serves(schema);
  for (const each of predictions) made.add(each);
  return async () => (await registry.metrics()).split("\n").filter((line) => line && !line.startsWith("#"));
}

test("of a classifier of two classes: rows by class, and the second class's probability", async (t) => {
  const lines = await distribution(
    classifier,
    { values: Float64Array.of(0, 1), probabilities: Float64Array.of(0.95, 0.05, 0.25, 0.75), classes: 2 },
    { values: Float64Array.of(1), probabilities: Float64Array.of(0, 1), classes: 2 },
  )();
  t.deepEqual(
    lines.filter((line) => !line.includes("_bucket")),
    [
      'ml_predictions_total{class="0"} 1',
      'ml_predictions_total{class="1"} 2',
      "ml_prediction_probability_sum 1.8",
      "ml_prediction_probability_count 3",
    ],
  );
  for (const [bound, count] of [
    ["0.1", 1],
    ["0.7", 1],
    ["0.8", 2],
    ["0.9", 2],
    ["1", 3],
  ])
    t.true(lines.includes(`ml_prediction_probability_bucket{le="${bound}"} ${count}`));
});

test("of more classes the likeliest one's probability counts, and labels may be texts", async (t) => {
  const schema: ModelSchema = { ...classifier, prediction: "string", classes: ["stays", 'le"aves', "asks"] };
  const probabilities = Float64Array.of(0.2, 0.5, 0.3, 0.25, 0.25, 0.5);
  const lines = await distribution(schema, { values: ['le"aves', "asks"], probabilities, classes: 3 })();
  t.true(lines.includes('ml_predictions_total{class="stays"} 0'));
  t.true(lines.includes('ml_predictions_total{class="le\\"aves"} 1'));
  t.true(lines.includes("ml_prediction_probability_sum 1"));
});

test("a classifier without probabilities has its classes alone", async (t) => {
  const lines = await distribution(classifier, {
    values: Float64Array.of(1),
    probabilities: new Float64Array(0),
    classes: 0,
  })();
  t.true(lines.includes('ml_predictions_total{class="1"} 1'));
  t.true(lines.includes("ml_prediction_probability_count 0"));
});

test("labels beyond those that are counted are other", async (t) => {
  const values = Float64Array.from({ length: labelsCounted + 20 }, (_, label) => label);
  const lines = await distribution(classifier, { values, probabilities: new Float64Array(0), classes: 0 })();
  const classes = lines.filter((line) => line.startsWith("ml_predictions_total"));
  t.is(classes.length, labelsCounted + 1);
  t.is(classes.at(-1), 'ml_predictions_total{class="other"} 20');
});

test("of a regressor there are values, and nothing of classes", async (t) => {
  const schema: ModelSchema = {
    columns: [],
    task: "regression",
    prediction: "number",
    probabilities: false,
    signature: "columns",
    outputs: [],
  };
  const values = Float64Array.of(-1, 2, 5);
  const lines = await distribution(schema, { values, probabilities: new Float64Array(0), classes: 0 })();
  t.deepEqual(lines, [
    'ml_prediction_value{quantile="0.05"} -1',
    'ml_prediction_value{quantile="0.25"} -1',
    'ml_prediction_value{quantile="0.5"} 2',
    'ml_prediction_value{quantile="0.75"} 5',
    'ml_prediction_value{quantile="0.95"} 5',
    "ml_prediction_value_sum 6",
    "ml_prediction_value_count 3",
  ]);
});
