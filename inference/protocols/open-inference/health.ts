import type { Context } from "koa";
import type { Serving } from "../../serving.ts";
import { type NamedParts, requireNamed } from "./named-model.ts";

/** The process answers. */
export function serverLive(ctx: Context): void {
  ctx.body = { live: true };
}

/** 200 while requests are answered, else 503. */
export function serverReady(serving: Serving, ctx: Context): void {
  const ready = isReady(serving);
  ctx.status = ready ? 200 : 503;
  ctx.body = { ready };
}

/** 200 while requests to this model are answered, else 503. @throws HttpProblem 404 where it is another. */
export function modelReady(serving: Serving, ctx: Context, parts: NamedParts): void {
  const { model, wanted } = serving;
  // Until a model is there, nothing says which version it will be.
  requireNamed(model ?? { name: wanted.name, version: parts.version ?? wanted.version }, parts);
  const ready = isReady(serving);
  ctx.status = ready ? 200 : 503;
  ctx.body = { name: parts.model, ready };
}

function isReady({ model, draining }: Serving): boolean {
  return model !== undefined && !draining;
}
