import { randomUUID } from "node:crypto";
import type { Middleware } from "koa";
import type { Logger } from "pino";
import { pathOf } from "./routes.ts";

/** Gives each request an id, the client's own where it sends a plain one, and logs each answer without its bodies. */
export function requestLog(logger: Logger): Middleware {
  return async (ctx, next) => {
    const start = performance.now();
    const requestId = idOf(ctx.req.headers["x-request-id"]);
    ctx.state.requestId = requestId;
    ctx.set("X-Request-Id", requestId);
    await next();
    const durationMs = Math.round((performance.now() - start) * 1000) / 1000;
    const route = pathOf(ctx).slice(0, 200);
    logger.info({ requestId, method: ctx.method, route, status: ctx.status, durationMs }, "request");
  };
}

function idOf(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
