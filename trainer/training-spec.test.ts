import { join, resolve } from "node:path";
import test from "ava";
import { normalizeTrainingSpec, type TrainingSpec, TrainingSpecError } from "./training-spec.ts";

test("what is left out is the sample's", (t) => {
  const spec = normalizeTrainingSpec();
  const repository = join(import.meta.dirname, "sample");
  t.like(spec, {
    repository,
    service: "churn_features",
    entities: join(repository, "data/churn_labels.parquet"),
    label: "churned",
    labelHorizonDays: 90,
    testFrom: "1998-03-15",
    experiment: "feast_ml_deployment",
    model: "churn_predictor_feast",
  });
  t.like(spec.forest, { nEstimators: 100, maxDepth: 10, randomState: 0, treeLearner: "histogram" });
});

test("one hyperparameter leaves the others as they are", (t) => {
  t.like(normalizeTrainingSpec({ forest: { nEstimators: 7 } }).forest, { nEstimators: 7, maxDepth: 10 });
});

test("a complete spec stays as it is", (t) => {
  const spec = normalizeTrainingSpec({ repository: "some/where", features: ["a:b"], trainBefore: "2024-01-01" });
  t.deepEqual(normalizeTrainingSpec(spec), spec);
  t.is(spec.repository, resolve("some/where"));
  t.is(spec.service, undefined);
});

test("the sample's test day belongs to its entities alone", (t) => {
  t.is(normalizeTrainingSpec({ entities: "other.csv" }).testFrom, undefined);
  t.is(normalizeTrainingSpec({ repository: "some/where" }).testFrom, undefined);
  t.is(normalizeTrainingSpec({ repository: join(import.meta.dirname, "sample") }).testFrom, "1998-03-15");
  t.is(normalizeTrainingSpec({ trainBefore: "1997-12-01" }).testFrom, undefined);
  t.is(normalizeTrainingSpec({ entities: "other.csv", testFrom: "2024-01-01" }).testFrom, "2024-01-01");
});

const refused = test.macro({
  exec(t, given: Partial<TrainingSpec>, field: keyof TrainingSpec, message: RegExp) {
    const error = t.throws(() => normalizeTrainingSpec(given), { instanceOf: TrainingSpecError, message });
    t.is(error?.field, field);
    t.true(error?.message.startsWith(`${field}: `));
  },
  title: (name) => `refuses ${name}`,
});
test("service beside features", refused, { service: "a", features: ["a:b"] }, "features", /only one of/);
test("a feature without its view", refused, { features: ["a:b", "c"] }, "features", /view:feature each, got "c"/);
test("no features", refused, { features: [] }, "features", /at least one/);
test("a feature twice", refused, { features: ["a:b", "a:b"] }, "features", /a:b twice/);
test("an empty service", refused, { service: "" }, "service", /got ""/);
test("an empty label", refused, { label: " " }, "label", /isn't empty, got " "/);
test("a negative horizon", refused, { labelHorizonDays: -1 }, "labelHorizonDays", /0 or more, got -1/);
test("a day that doesn't exist", refused, { testFrom: "1998-02-31" }, "testFrom", /got "1998-02-31"/);
test("a text that is no time", refused, { trainBefore: "soon" }, "trainBefore", /a day .*got "soon"/);
test("a model's name with a slash", refused, { model: "a/b" }, "model", /a\/b/);
test("a hyperparameter out of its range", refused, { forest: { nEstimators: 0 } }, "forest", /nEstimators/i);
