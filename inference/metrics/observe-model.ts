import type { Logger } from "pino";
import { Counter, Gauge, type Registry } from "prom-client";
import type { FeatureRows } from "../features/feature-rows.ts";
import type { ServedModel } from "../model/served-model.ts";
import { FeatureDrift } from "./feature-drift.ts";
import { harmless } from "./harmless.ts";

/**
 * A model that counts the rows it predicts: `ml_prediction_rows_total`, `ml_feature_psi{feature}` and
 * `ml_feature_missing_ratio{feature}`; which it is says `ml_model_info{name,version,sha256}`. Without a baseline in its
 * folder there is no `ml_feature_psi`, and the log says so.
 *
 * @param registry - one that observes no other model.
 */
export function observeModel(registry: Registry, model: ServedModel, logger: Logger): ServedModel {
  const { name, version, sha256, columns, baseline = [] } = model;
  const registers = [registry];
  const drift = new FeatureDrift(
    columns.map(({ name }) => name),
    baseline,
  );
  if (baseline.length === 0)
    logger.warn("the model folder has no baseline of the training rows: there is no ml_feature_psi");
  else if (drift.unmeasured.length > 0)
    logger.warn(
      { features: drift.unmeasured },
      "the baseline lacks these features or has but one bin of them: they have no ml_feature_psi",
    );

  new Gauge({
    name: "ml_model_info",
    help: "The model that is served: always 1.",
    labelNames: ["name", "version", "sha256"],
    registers,
  }).set({ name, version, sha256 }, 1);
  const total = new Counter({ name: "ml_prediction_rows_total", help: "Rows predicted.", registers });
  featureGauge(
    registry,
    "ml_feature_psi",
    "Population stability index of the rows asked lately, against the training rows.",
    () => drift.psi(),
  );
  featureGauge(registry, "ml_feature_missing_ratio", "Share of the rows asked lately without a value.", () =>
    drift.missingRatio(),
  );

  const count = harmless((rows: FeatureRows) => {
    total.inc(rows.count);
    drift.add(rows);
  }, logger);
  return {
    ...model,
    async predict(rows) {
      const predictions = await model.predict(rows);
      count(rows);
      return predictions;
    },
  };
}

function featureGauge(registry: Registry, name: string, help: string, read: () => Map<string, number>): void {
  const gauge: Gauge<"feature"> = new Gauge({
    name,
    help,
    labelNames: ["feature"],
    registers: [registry],
    collect() {
      gauge.reset();
      for (const [feature, value] of read()) gauge.set({ feature }, value);
    },
  });
}
