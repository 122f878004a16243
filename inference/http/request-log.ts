import { randomUUID } from "node:crypto";
import type { Middleware } from "koa";
import type { Logger } from "pino";
import { pathOf } from "./routes.ts";

/** What probes ask for every few seconds: logged at debug, as they would drown what clients ask for. */
const probed = new Set(["/health", "/live"]);

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
    const level = probed.has(route) ? "debug" : "info";
    logger[level]({ requestId, method: ctx.method, route, status: ctx.status, durationMs }, "request");
  };
}

function idOf(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
