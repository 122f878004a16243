import type { IncomingMessage, RequestListener } from "node:http";
import Koa, { type Context } from "koa";
import { type Logger, pino } from "pino";
import type { Registry } from "prom-client";
import { endpoints as allEndpoints } from "./endpoints.ts";
import { createFeatureClient } from "./entities/feature-client.ts";
import { observeLookups } from "./entities/observe-lookups.ts";
import type { FeatureServerSettings } from "./entities/settings.ts";
import { type AdmissionLimits, defaultAdmission, limitWaiting } from "./http/admission.ts";
import { type BearerTokens, requireToken } from "./http/bearer-tokens.ts";
import { allowOrigins } from "./http/cors.ts";
import { errors } from "./http/errors.ts";
import type { Exchange } from "./http/exchange.ts";
import { createFront } from "./http/front.ts";
import { logFields, requestLog } from "./http/request-log.ts";
import { requireHost } from "./http/require-host.ts";
import { route } from "./http/route.ts";
import { createRouter } from "./http/router.ts";
import { refuseSurplus } from "./http/surplus-connections.ts";
import { countRequests } from "./metrics/count-requests.ts";
import { defaultQueueMs } from "./overloaded.ts";
import { codecMemoryMiB, startCodecThread } from "./prediction/codec-thread.ts";
import { predictionEndpoint } from "./prediction/endpoint.ts";
import type { PredictionObserver } from "./prediction/predictor.ts";
import { threadedProtocols } from "./prediction/threaded-protocols.ts";
import { WaitingLine } from "./prediction/waiting-line.ts";
import type { Serving } from "./serving.ts";
import type { RequestSpans } from "./tracing/request-spans.ts";
import { readTraceContext } from "./tracing/trace-context.ts";

/** Options of {@link createApp}. */
export interface AppOptions {
  /** Bytes of a request body at most. @default 10 MiB */
  readonly bodyLimit?: number;
  /** Rows of a request at most. @default 100,000 */
  readonly rowLimit?: number;
  /** Whether features that the model doesn't know are passed over; else they are refused. @default false */
  readonly ignoreUnknown?: boolean;
  /** Where features are looked up by entity. @default nowhere: predictions are by features alone */
  readonly featureServer?: FeatureServerSettings | undefined;
  /** Told of each prediction that was answered. */
  readonly observers?: readonly PredictionObserver[];
  /** What may wait at once. */
  readonly admission?: Partial<AdmissionLimits>;
  /** How long a large request may wait for its turn. @default 1000 */
  readonly queueMs?: number;
  /** What opens the service, but for its probes. @default it is open to all */
  readonly tokens?: BearerTokens | undefined;
  /** Whose pages may ask from a browser, as `https://app.example.com`, or `*`. @default nobody's */
  readonly corsOrigins?: readonly string[];
  /** @default one that is silent */
  readonly logger?: Logger;
  /** Where requests are counted; without it they aren't. */
  readonly metrics?: Registry | undefined;
  /** Makes spans of requests; those of predictions where it is among {@link observers}, too. */
  readonly tracing?: Pick<RequestSpans, "begin" | "observe"> | undefined;
}

export const defaultBodyLimit = 10 * 2 ** 20;
export const defaultRowLimit = 100_000;

/** The service without a port: its endpoints over whatever model `serving` holds at the time of the request. */
export function createApp(serving: Serving, options: AppOptions = {}): RequestListener {
  const { bodyLimit = defaultBodyLimit, rowLimit = defaultRowLimit, ignoreUnknown = false } = options;
  const { queueMs = defaultQueueMs, observers = [] } = options;
  const { tokens, corsOrigins = [], logger = pino({ level: "silent" }), metrics, tracing, featureServer } = options;

  const endpoints = allEndpoints(serving, { bodyLimit, rowLimit, ignoreUnknown, tokens: tokens !== undefined });
  const router = createRouter(endpoints);
  const koa = new Koa();
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  koa.on("error", (error: unknown, ctx?: Context) => {
    const exchange = ctx && exchanges.get(ctx.req);
    logger.error({ err: error, ...(exchange && logFields(exchange)) }, "request failed");
  });
  koa.use(errors);
  koa.use(route(router, endpoints));

  const onLookup = metrics && observeLookups(metrics, logger);
  const admission = limitWaiting(() => serving.model?.queuedRows ?? 0, { ...defaultAdmission, ...options.admission });
  const answer = koa.callback();
  return createFront({
    router,
    trace: tracing ? tracing.begin : ({ headers }) => readTraceContext(headers),
    cors: corsOrigins.length > 0 ? allowOrigins(corsOrigins) : undefined,
    gates: [requireHost, refuseSurplus, ...(tokens ? [requireToken(tokens)] : []), admission.gate],
    observers: [
      admission.observer,
      ...(metrics ? [countRequests(metrics, logger)] : []),
      requestLog(logger),
      ...(tracing ? [tracing.observe] : []),
    ],
    predict: predictionEndpoint(serving, {
      bodyLimit,
      rowLimit,
      ignoreUnknown,
      observers,
      logger,
      hold: admission.hold,
      line: new WaitingLine({ requests: 4, bytes: bodyLimit, queueMs }),
      featureClient: createFeatureClient(featureServer, onLookup),
      threaded: threadedProtocols(
        () => startCodecThread(codecMemoryMiB(bodyLimit), { featureServer, onLookup }),
        logger,
      ),
    }),
    app(exchange) {
      exchanges.set(exchange.request, exchange);
      answer(exchange.request, exchange.response);
    },
    closing: () => serving.draining,
  });
}
