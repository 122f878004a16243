import type { Context } from "koa";
import type { Endpoint } from "../../http/endpoint.ts";
import { requireModel, type Serving } from "../../serving.ts";
import { modelReady, serverLive, serverReady } from "./health.ts";
import { modelMetadata, serverMetadata } from "./metadata.ts";
import { type NamedParts, requireNamed } from "./named-model.ts";

const model = "/v2/models/{model}";
const version = `${model}/versions/{version}`;

/**
 * What the Open Inference Protocol v2 over REST has beside inference, as KServe, Triton and MLServer speak it.
 * Source: https://github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md.
 */
export function openInferenceEndpoints(serving: Serving): readonly Endpoint[] {
  const ready = (ctx: Context, parts: NamedParts) => modelReady(serving, ctx, parts);
  const metadata = (ctx: Context, parts: NamedParts) => {
    const model = requireModel(serving);
    requireNamed(model, parts);
    ctx.body = modelMetadata(model);
  };
  const server = (ctx: Context) => {
    ctx.body = serverMetadata;
  };
  return [
    { path: model, GET: metadata },
    { path: version, GET: metadata },
    { path: `${model}/ready`, GET: ready, probe: true },
    { path: `${version}/ready`, GET: ready, probe: true },
    { path: "/v2", GET: server },
    { path: "/v2/health/live", GET: serverLive, probe: true },
    { path: "/v2/health/ready", GET: (ctx) => serverReady(serving, ctx), probe: true },
  ];
}
