import type { Logger } from "pino";
import type { Observer } from "./exchange.ts";

/** Logs each answer, without its bodies; those of probes at debug, as they would drown what clients ask for. */
export function requestLog(logger: Logger): Observer {
  return ({ request, path, id, route }, status, milliseconds) => {
    const durationMs = Math.round(milliseconds * 1000) / 1000;
    const level = route?.endpoint.probe ? "debug" : "info";
    logger[level]({ requestId: id, method: request.method, route: path.slice(0, 200), status, durationMs }, "request");
  };
}
