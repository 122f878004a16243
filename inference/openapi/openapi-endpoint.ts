import type { Handler } from "../http/endpoint.ts";
import type { ServedModel } from "../model/served-model.ts";
import { requireModel, type Serving } from "../serving.ts";
import type { Limits } from "./described-model.ts";
import { openapiDocument } from "./document.ts";

/** Answers the document of whatever model `serving` holds, made once a model. 503 until there is one. */
export function openapi(serving: Serving, limits: Limits): Handler {
  let latest: { model: ServedModel; json: string } | undefined;
  return (ctx) => {
    const model = requireModel(serving);
    if (latest?.model !== model) latest = { model, json: JSON.stringify(openapiDocument(model, limits)) };
    ctx.type = "application/json";
    ctx.body = latest.json;
  };
}
