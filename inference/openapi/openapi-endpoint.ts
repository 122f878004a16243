import { type Endpoint, type Handler, isOpen } from "../http/endpoint.ts";
import type { ServedModel } from "../model/served-model.ts";
import { requireModel, type Serving } from "../serving.ts";
import type { Limits } from "./described-model.ts";
import { openapiDocument } from "./document.ts";

/**
 * Answers the document of whatever model `serving` holds, made once a model. 503 until there is one.
 *
 * @param endpoints - of the service.
 */
export function openapi(serving: Serving, limits: Limits, endpoints: () => readonly Endpoint[]): Handler {
  let latest: { model: ServedModel; json: string } | undefined;
  return (ctx) => {
    const model = requireModel(serving);
    if (latest?.model !== model) {
      const open = endpoints().filter(isOpen);
      const document = openapiDocument(model, limits, new Set(open.map(({ path }) => path)));
      latest = { model, json: JSON.stringify(document) };
    }
    ctx.type = "application/json";
    ctx.body = latest.json;
  };
}
