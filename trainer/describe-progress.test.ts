import test from "ava";
import { describeProgress } from "./describe-progress.ts";

test("of many trees every tenth part is told", (t) => {
  const lines = Array.from({ length: 101 }, (_, done) => describeProgress({ step: "train", done, total: 100 }));
  t.is(lines.filter((line) => line !== undefined).length, 11);
  t.is(lines.at(-1), "train: 100 of 100 trees");
});

test("a metric that is left out is told with the reason", (t) => {
  const undefinedMetrics = { roc_auc: "no test row has the label 1" };
  const line = describeProgress({ step: "evaluate", metrics: { accuracy: 1 }, undefinedMetrics });
  t.is(line, "evaluate: accuracy 1.0000, no roc_auc (no test row has the label 1)");
});
