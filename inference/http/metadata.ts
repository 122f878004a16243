import type { Context } from "koa";
import type { ServedModel } from "../model/served-model.ts";
import { timestamp } from "../timestamp.ts";

/** Which model answers, and what it takes. */
export function metadata(model: ServedModel, ctx: Context): void {
  ctx.body = {
    model_name: model.name,
    model_version: model.version,
    mlflow_run_id: model.runId,
    loaded_at: timestamp(model.loadedAt),
    feature_names: model.schema.columns.map(({ name }) => name),
    model_type: model.modelType,
    model_sha256: model.sha256,
  };
}
