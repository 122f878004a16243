import type { Endpoint } from "./http/endpoint.ts";
import { health, live } from "./http/health.ts";
import { metadata } from "./http/metadata.ts";
import type { Limits } from "./openapi/described-model.ts";
import { docsAsset, docsPage } from "./openapi/docs-endpoints.ts";
import { openapi } from "./openapi/openapi-endpoint.ts";
import { mlflowEndpoints } from "./protocols/mlflow/endpoints.ts";
import { openInferenceEndpoints } from "./protocols/open-inference/endpoints.ts";
import { protocols } from "./protocols/protocols.ts";
import { requireModel, type Serving } from "./serving.ts";

/** All that the service answers. */
export function endpoints(serving: Serving, limits: Limits): readonly Endpoint[] {
  const all: readonly Endpoint[] = [
    { path: "/health", GET: (ctx) => health(serving, ctx), probe: true },
    { path: "/live", GET: live, probe: true },
    { path: "/metadata", GET: (ctx) => metadata(requireModel(serving), ctx) },
    ...Object.entries(protocols).map(([path, POST]) => ({ path, POST })),
    ...openInferenceEndpoints(serving),
    ...mlflowEndpoints(serving),
    { path: "/openapi.json", GET: openapi(serving, limits, () => all) },
    { path: "/docs", GET: docsPage, open: true },
    { path: "/docs/{asset}", GET: docsAsset, open: true },
  ];
  return all;
}
