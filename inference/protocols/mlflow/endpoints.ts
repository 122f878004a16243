import type { Context } from "koa";
import { mlflowVersion } from "../../../mlflow/model-folder.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import type { Serving } from "../../serving.ts";

/** What MLflow's scoring server answers beside invocations; /health, which it has too, is the service's own. */
export function mlflowEndpoints(serving: Serving): readonly Endpoint[] {
  return [
    { path: "/ping", GET: (ctx) => ping(serving, ctx), probe: true },
    { path: "/version", GET: version },
  ];
}

/** 200 while requests are answered, else 503; MLflow's body is an empty line. */
function ping({ model, draining }: Serving, ctx: Context): void {
  ctx.status = model && !draining ? 200 : 503;
  ctx.body = "\n";
}

/** The MLflow whose protocol and model folders these are. */
function version(ctx: Context): void {
  ctx.body = mlflowVersion;
}
