import type { Context } from "koa";
import type { ServedModel } from "../model/served-model.ts";
import { timestamp } from "../timestamp.ts";

/** Which model answers, and what it takes: features, or entities where it was trained from a FeatureService of Feast. */
export function metadata(model: ServedModel, ctx: Context): void {
  ctx.body = {
    model_name: model.name,
    model_version: model.version,
    mlflow_run_id: model.runId,
    loaded_at: timestamp(model.loadedAt),
    feature_names: model.schema.columns.map(({ name }) => name),
    model_type: model.modelType,
    model_sha256: model.sha256,
    ...(model.featureService && {
      feature_service: model.featureService.name,
      join_keys: model.featureService.joinKeys.map(({ name, type }) => ({ name, type })),
    }),
  };
}
