import Koa from "koa";
import type { Logger } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { Endpoint } from "../http/endpoint.ts";
import { errors } from "../http/errors.ts";
import { route } from "../http/route.ts";
import { createRouter } from "../http/router.ts";
import { type HttpServer, listen } from "../http-server.ts";

/** prom-client's gauges that are named as counters; each is the sum of another gauge's series. */
const misnamed = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

/** Where Prometheus reads the metrics: a server of its own, so that no client of the service sees them. */
export interface MetricsServer extends HttpServer {
  /** What is served; it begins with the process's own metrics, such as the event loop's lag. */
  readonly registry: Registry;
}

/**
 * Answers `GET /metrics` until the process ends.
 *
 * @param port - 0 for any that is free.
 * @throws Error naming METRICS_PORT and the address where the port is taken.
 */
export async function serveMetrics(host: string, port: number, logger: Logger): Promise<MetricsServer> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const endpoints: Endpoint[] = [
    {
      path: "/metrics",
      async GET(ctx) {
        ctx.set("Content-Type", registry.contentType);
        ctx.body = await registry.metrics();
      },
    },
  ];
  const app = new Koa();
  app.on("error", (err: unknown) => logger.error({ err }, "metrics can't be told"));
  app.use(errors);
  app.use(route(createRouter(endpoints), endpoints));
  try {
    const server = await listen(app.callback(), host, port);
    logger.info({ host, port: server.port }, "metrics");
    return { ...server, registry };
  } catch (cause) {
    throw new Error(`METRICS_PORT: ${(cause as Error).message}`, { cause });
  }
}
