import type { Context } from "koa";
import type { Serving } from "../serving.ts";
import { timestamp } from "../timestamp.ts";

/** Readiness: 200 while the model is loaded, proven and the instance takes requests, else 503 with the reason as status. */
export function health({ model, draining, wanted }: Serving, ctx: Context): void {
  const status = draining ? "draining" : model ? "healthy" : "loading";
  ctx.status = status === "healthy" ? 200 : 503;
  ctx.body = {
    status,
    timestamp: timestamp(),
    model_loaded: model !== undefined,
    model_name: model?.name ?? wanted.name,
    model_version: model?.version ?? null,
  };
}

/** Liveness: the process answers. It depends on nothing else. */
export function live(ctx: Context): void {
  ctx.body = { status: "alive", timestamp: timestamp() };
}
