import test from "ava";
import fc from "fast-check";
import { evaluate } from "./evaluate.ts";
import { rank } from "./ranking.ts";

const close = (actual: number | undefined, expected: number) => Math.abs(actual! - expected) < 1e-12;

test("judges two classes", (t) => {
  const { metrics, undefinedMetrics } = evaluate({
    labels: Float64Array.of(0, 0, 1, 1, 1),
    predictions: Float64Array.of(0, 1, 0, 1, 1),
    probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.65, 0.35, 0.4, 0.6, 0.2, 0.8),
    classes: [0, 1],
    majority: 0,
  });
  const logs = Math.log(0.9) + Math.log(0.4) + Math.log(0.35) + Math.log(0.6) + Math.log(0.8);
  const expected = {
    accuracy: 0.6,
    precision: 2 / 3,
    recall: 2 / 3,
    f1_score: 2 / 3,
    roc_auc: 4.5 / 6,
    // two rows of score 0.6 are one threshold, where two of three rows are positive
    average_precision: (1 + 2 / 3 + 3 / 4) / 3,
    log_loss: -logs / 5,
    brier_score: (0.01 + 0.36 + 0.65 ** 2 + 0.16 + 0.04) / 5,
    baseline_accuracy: 0.4,
  };
  t.deepEqual(Object.keys(metrics), Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) t.true(close(metrics[name], value), `${name} ${metrics[name]}`);
  t.deepEqual(undefinedMetrics, {});
});

test("judges more classes by the means over them", (t) => {
  const { metrics } = evaluate({
    labels: Float64Array.of(1, 5, 9),
    predictions: Float64Array.of(1, 5, 5),
    probabilities: Float64Array.of(0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.1, 0.6, 0.3),
    classes: [1, 5, 9],
    majority: 9,
  });
  const expected = {
    accuracy: 2 / 3,
    precision: 0.5,
    recall: 2 / 3,
    f1_score: 5 / 9,
    roc_auc: 1,
    baseline_accuracy: 1 / 3,
  };
  for (const [name, value] of Object.entries(expected)) t.true(close(metrics[name], value), `${name} ${metrics[name]}`);
  t.true(close(metrics.brier_score, (0.06 + 0.14 + 0.86) / 3));
});

test("leaves out what one class alone gives no meaning to, and says why", (t) => {
  const { metrics, undefinedMetrics } = evaluate({
    labels: Float64Array.of(0, 0),
    predictions: Float64Array.of(0, 1),
    probabilities: Float64Array.of(1, 0, 0, 1),
    classes: [0, 1],
    majority: 0,
  });
  t.deepEqual(undefinedMetrics, {
    roc_auc: "no test row has the label 1",
    average_precision: "no test row has the label 1",
  });
  t.is(metrics.recall, 0);
  t.true(Object.values(metrics).every(Number.isFinite));
  t.false("roc_auc" in metrics);
});

test("a probability of 0 for the label costs the logarithm of 2^-52", (t) => {
  const { metrics } = evaluate({
    labels: Float64Array.of(1),
    predictions: Float64Array.of(0),
    probabilities: Float64Array.of(1, 0),
    classes: [0, 1],
    majority: 1,
  });
  t.true(close(metrics.log_loss, 52 * Math.LN2));
});

test("refuses no rows, and a label that training never saw", (t) => {
  const nothing = new Float64Array();
  const judgement = { labels: nothing, predictions: nothing, probabilities: nothing, classes: [0, 1], majority: 0 };
  t.throws(() => evaluate(judgement), { instanceOf: RangeError, message: /got none/ });
  const strange = { ...judgement, labels: Float64Array.of(0, 2), predictions: Float64Array.of(0, 0) };
  t.throws(() => evaluate(strange), {
    instanceOf: RangeError,
    message: /\[0, 1\].*got 2 at test row 1: move the split/,
  });
});

test("ROC AUC is the share of the pairs in order, half for a tie, and turns around with the scores", (t) => {
  const rows = fc.array(fc.tuple(fc.nat(1), fc.constantFrom(0, 0.25, 0.5, 0.75, 1)), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rows, (pairs) => {
      const positive = Uint8Array.from(pairs, ([label]) => label);
      const scores = Float64Array.from(pairs, ([, score]) => score);
      let [won, all] = [0, 0];
      for (const [a, [label, score]] of pairs.entries())
        for (const [other, otherScore] of pairs.filter((_, b) => a !== b))
          if (label === 1 && other === 0) {
            all += 1;
            won += score > otherScore ? 1 : score === otherScore ? 0.5 : 0;
          }
      const { rocAuc } = rank(positive, scores);
      t.is(rocAuc, all === 0 ? undefined : won / all);
      const turned = rank(
        positive,
        scores.map((score) => 1 - score),
      ).rocAuc;
      t.true(rocAuc === undefined ? turned === undefined : close(turned, 1 - rocAuc));
    }),
  );
});
