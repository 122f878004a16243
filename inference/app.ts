import Koa, { type Context } from "koa";
import { type Logger, pino } from "pino";
import type { Registry } from "prom-client";
import { errors } from "./http/errors.ts";
import { health, live } from "./http/health.ts";
import { HttpProblem } from "./http/http-problem.ts";
import { metadata } from "./http/metadata.ts";
import { readJson } from "./http/read-json.ts";
import { requestLog } from "./http/request-log.ts";
import { type Handler, type Routes, route } from "./http/routes.ts";
import { countRequests } from "./metrics/count-requests.ts";
import type { ServedModel } from "./model/served-model.ts";
import { predict, type RowsMember } from "./predict.ts";
import type { Serving } from "./serving.ts";

/** Options of {@link createApp}. */
export interface AppOptions {
  /** Bytes of a request body at most. @default 10 MiB */
  readonly bodyLimit?: number;
  /** Rows of a request at most. @default 100,000 */
  readonly rowLimit?: number;
  /** @default one that is silent */
  readonly logger?: Logger;
  /** Where requests are counted; without it they aren't. */
  readonly metrics?: Registry | undefined;
}

export const defaultBodyLimit = 10 * 2 ** 20;
export const defaultRowLimit = 100_000;

/**
 * The service without a port: `/health`, `/live`, `/metadata`, `/predict` and `/batch_predict` over whatever model
 * `serving` holds at the time of the request.
 */
export function createApp(serving: Serving, options: AppOptions = {}): Koa {
  const { bodyLimit = defaultBodyLimit, rowLimit = defaultRowLimit, metrics } = options;
  const { logger = pino({ level: "silent" }) } = options;

  const answerRows =
    (member: RowsMember): Handler =>
    async (ctx) => {
      const model = requireModel(serving);
      ctx.body = await predict(model, member, await readJson(ctx.req, bodyLimit), rowLimit);
    };

  const routes: Routes = {
    "/health": { GET: (ctx) => health(serving, ctx) },
    "/live": { GET: live },
    "/metadata": { GET: (ctx) => metadata(requireModel(serving), ctx) },
    "/predict": { POST: answerRows("inputs") },
    "/batch_predict": { POST: answerRows("instances") },
  };

  const app = new Koa();
  app.on("error", (error: unknown, ctx?: Context) =>
    logger.error({ err: error, requestId: ctx?.state.requestId }, "request failed"),
  );
  if (metrics) app.use(countRequests(metrics, Object.keys(routes), logger));
  app.use(requestLog(logger));
  app.use(closeWhileDraining(serving));
  app.use(errors);
  app.use(route(routes));
  return app;
}

/** Tells keep-alive clients to connect anew, elsewhere: closing under them would fail the request they are about to send. */
function closeWhileDraining(serving: Serving): Koa.Middleware {
  return async (ctx, next) => {
    await next();
    if (serving.draining) ctx.set("Connection", "close");
  };
}

function requireModel({ model, wanted }: Serving): ServedModel {
  if (model) return model;
  throw new HttpProblem(503, `model ${wanted.name} is being loaded`, { headers: { "Retry-After": "1" } });
}
