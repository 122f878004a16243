import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import type { BatcherOptions } from "../model/batcher.ts";
import type { ServedModel } from "../model/served-model.ts";
import { slicePredictions, sliceRows } from "../model/slices.ts";
import type { Prediction, PredictionObserver } from "../prediction/predictor.ts";
import { countRuns } from "./count-runs.ts";
import { FeatureDrift } from "./feature-drift.ts";
import { harmless } from "./harmless.ts";
import { partByPart } from "./part-by-part.ts";
import { PredictionDistribution } from "./prediction-distribution.ts";
import { registerScraped } from "./scraped-metric.ts";

/** The metrics of whatever model an instance serves. */
export interface ModelObserver {
  /** From now on this model is served; drift begins anew. */
  serves(model: ServedModel): void;
  readonly observe: PredictionObserver;
  readonly onRun: NonNullable<BatcherOptions["onRun"]>;
}

/**
 * Counts the rows that are predicted: `ml_prediction_rows_total`, `ml_feature_psi{feature}` and
 * `ml_feature_missing_ratio{feature}`, what {@link PredictionDistribution} and {@link countRuns} tell; which model it is
 * says `ml_model_info{name,version,sha256}`. Without a baseline in its folder there is no `ml_feature_psi`, and the log
 * says so.
 */
export function observeModel(registry: Registry, logger: Logger): ModelObserver {
  const registers = [registry];
  let served: { model: ServedModel; drift: FeatureDrift } | undefined;
  const info = new Gauge({
    name: "ml_model_info",
    help: "The model that is served: always 1.",
    labelNames: ["name", "version", "sha256"],
    registers,
  });
  let total = 0;
  registerScraped(registry, { name: "ml_prediction_rows_total", help: "Rows predicted.", type: "counter" }, () => [
    { labels: {}, value: total },
  ]);
  featureGauge(
    registry,
    "ml_feature_psi",
    "Population stability index of the rows asked lately, against the training rows.",
    () => served?.drift.psi(),
  );
  featureGauge(registry, "ml_feature_missing_ratio", "Share of the rows asked lately without a value.", () =>
    served?.drift.missingRatio(),
  );
  const distribution = new PredictionDistribution(registry);
  const count = harmless(({ model, rows, predictions, start }: Prediction, from: number, to: number) => {
    // A model that another has just replaced may answer still.
    if (served?.model !== model) return;
    served.drift.add(sliceRows(rows, from, to), start);
    distribution.add(slicePredictions(predictions, from, to));
  }, logger);
  return {
    onRun: countRuns(registry, () => served?.model.queuedRows ?? 0, logger),
    serves(model) {
      const { name, version, sha256 } = model;
      info.reset();
      info.set({ name, version, sha256 }, 1);
      served = { model, drift: driftOf(model, logger) };
      distribution.serves(model.schema);
    },
    observe(prediction) {
      total += prediction.rows.count;
      partByPart(prediction.rows.count, (from, to) => count(prediction, from, to));
    },
  };
}

function driftOf({ schema, baseline = [] }: ServedModel, logger: Logger): FeatureDrift {
  const drift = new FeatureDrift(
    schema.columns.map(({ name }) => name),
    baseline,
  );
  if (baseline.length === 0)
    logger.warn("the model folder has no baseline of the training rows: there is no ml_feature_psi");
  else if (drift.unmeasured.length > 0)
    logger.warn(
      { features: drift.unmeasured },
      "the baseline lacks these features or has but one bin of them: they have no ml_feature_psi",
    );
  return drift;
}

function featureGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => ReadonlyMap<string, number> | undefined,
): void {
  const gauge: Gauge<"feature"> = new Gauge({
    name,
    help,
    labelNames: ["feature"],
    registers: [registry],
    collect() {
      gauge.reset();
      for (const [feature, value] of read() ?? []) gauge.set({ feature }, value);
    },
  });
}
