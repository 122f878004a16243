import type { Registry } from "prom-client";
import type { Predictions } from "../features/feature-rows.ts";
import type { ModelSchema } from "../model/model-schema.ts";
import { ClassCounts } from "./class-counts.ts";
import { HistogramCounts } from "./histogram-counts.ts";
import { LatestValues } from "./latest-values.ts";
import { type MetricHead, registerScraped, type Sample } from "./scraped-metric.ts";

const bounds = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * What is predicted. Of a classifier `ml_predictions_total{class}` and `ml_prediction_probability`, how sure it was: of
 * two classes the second's probability, of more the likeliest's. Of a regressor `ml_prediction_value`, a summary.
 */
export class PredictionDistribution {
  readonly #classes = new ClassCounts();
  readonly #probability = new HistogramCounts(bounds);
  readonly #values = new LatestValues();
  #task: ModelSchema["task"] | undefined;

  constructor(registry: Registry) {
    const register = (name: string, type: MetricHead["type"], help: string, read: (name: string) => Sample[]) =>
      registerScraped(registry, { name, help, type }, () => read(name));
    register("ml_predictions_total", "counter", "Rows that a classifier predicted, by class.", () =>
      this.#classes.samples(),
    );
    register(
      "ml_prediction_probability",
      "histogram",
      "A classifier's probability of the second of two classes, or of the likeliest of more.",
      (name) => (this.#task === "classification" ? this.#probability.samples(name) : []),
    );
    register("ml_prediction_value", "summary", "A regressor's values; quantiles of the latest.", (name) =>
      this.#task === "regression" ? this.#values.samples(name) : [],
    );
  }

  /** From now on predictions are those of a model with this schema. */
  serves({ task, classes = [] }: ModelSchema): void {
    this.#task = task;
    for (const label of classes) this.#classes.expect(label);
  }

  add({ values, probabilities, classes }: Predictions): void {
    if (this.#task === "regression") this.#values.add(values as Float64Array);
    else {
      this.#classes.add(values);
      for (let at = 0; at < probabilities.length; at += classes)
        this.#probability.add(classes === 2 ? probabilities[at + 1]! : greatest(probabilities, at, at + classes));
    }
  }
}

function greatest(values: Float64Array, from: number, to: number): number {
  let most = values[from]!;
  for (let at = from + 1; at < to; at++) if (values[at]! > most) most = values[at]!;
  return most;
}
