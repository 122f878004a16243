import { accuracy, macroPrecisionRecall, precisionRecall } from "./confusion.ts";
import { brierScore, logLoss } from "./probability-scores.ts";
import { type Ranking, rank } from "./ranking.ts";

/** A classifier's answers for rows whose labels are known. */
export interface Judgement {
  /** The true label of each row. */
  readonly labels: Float64Array;
  /** The label that was answered. */
  readonly predictions: Float64Array;
  /** Rows x classes, row major. */
  readonly probabilities: Float64Array;
  /** The label of each probability column, ascending. Of two, the second is the positive one. */
  readonly classes: readonly number[];
  /** The label that most training rows have: always answering it is the baseline. */
  readonly majority: number;
}

/** Metrics by name, in scikit-learn's and MLflow's words; none is NaN. */
export interface Evaluation {
  readonly metrics: Readonly<Record<string, number>>;
  /** Why a metric is missing, by its name. */
  readonly undefinedMetrics: Readonly<Record<string, string>>;
}

/**
 * Judges a classifier: `accuracy`, `precision`, `recall`, `f1_score`, `roc_auc`, `average_precision`, `log_loss`,
 * `brier_score`, and `baseline_accuracy` to hold the accuracy against.
 *
 * With more than two classes, precision, recall and F1 are means over the classes (`macro`), and so are ROC AUC and
 * average precision of each class against the rest (`ovr`). A metric that has no meaning for these rows is left out.
 * Each equals scikit-learn's 1.9 of that name.
 *
 * @throws RangeError where there are no rows, or one's label isn't among the classes.
 */
export function evaluate(judgement: Judgement): Evaluation {
  const { labels, predictions, probabilities, classes, majority } = judgement;
  if (labels.length === 0) throw new RangeError("expected rows to test on, got none");
  const truth = Int32Array.from(labels, (label) => classes.indexOf(label));
  const unknown = truth.indexOf(-1);
  if (unknown >= 0)
    throw new RangeError(
      `expected labels that occur in training ([${classes.join(", ")}]), got ${labels[unknown]} at test row ${unknown}: ` +
        "move the split so that the training rows hold every class, or drop that label's rows",
    );
  const binary = classes.length === 2;
  const scores = binary ? precisionRecall(labels, predictions, classes[1]!) : macroPrecisionRecall(labels, predictions);
  const ranked = binary ? [1] : classes.map((_, index) => index);
  const rankings = ranked.map((index) => rankClass(truth, probabilities, index, classes.length));
  const rocAuc = mean(rankings.map((ranking) => ranking.rocAuc));
  const averagePrecision = mean(rankings.map((ranking) => ranking.averagePrecision));
  const missing = classes.filter((_, index) => !truth.includes(index));
  const reason = `no test row has the label ${missing.join(", ")}`;
  return {
    metrics: {
      accuracy: accuracy(labels, predictions),
      precision: scores.precision,
      recall: scores.recall,
      f1_score: scores.f1,
      ...(rocAuc === undefined ? {} : { roc_auc: rocAuc }),
      ...(averagePrecision === undefined ? {} : { average_precision: averagePrecision }),
      log_loss: logLoss({ probabilities, truth }),
      brier_score: brierScore({ probabilities, truth }),
      baseline_accuracy: accuracy(labels, new Float64Array(labels.length).fill(majority)),
    },
    undefinedMetrics: {
      ...(rocAuc === undefined ? { roc_auc: reason } : {}),
      ...(averagePrecision === undefined ? { average_precision: reason } : {}),
    },
  };
}

function rankClass(truth: Int32Array, probabilities: Float64Array, index: number, classCount: number): Ranking {
  const isPositive = Uint8Array.from(truth, (label) => (label === index ? 1 : 0));
  return rank(
    isPositive,
    Float64Array.from(truth, (_, row) => probabilities[row * classCount + index]!),
  );
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum / values.length;
}
