import type { Logger } from "pino";
import type { Exchange, Observer } from "./exchange.ts";

/** Logs each answer, without its bodies; those of probes at debug, as they would drown what clients ask for. */
export function requestLog(logger: Logger): Observer {
  return (exchange, status, milliseconds) => {
    const { request, path, id, trace, route: found } = exchange;
    const durationMs = Math.round(milliseconds * 1000) / 1000;
    const route = path.slice(0, 200);
    const { method } = request;
    const line = trace
      ? { ...logFields(exchange), method, route, status, durationMs }
      : { requestId: id, method, route, status, durationMs };
    if (found?.endpoint.probe) logger.debug(line, "request");
    else logger.info(line, "request");
  };
}

/**
 * What a line of the log says of its request.
 * Source of the trace's names: OpenTelemetry, "Trace Context in non-OTLP Log Formats",
 * https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
 */
export function logFields({ id, trace }: Exchange) {
  return { requestId: id, ...(trace && { trace_id: trace.traceId, span_id: trace.spanId }) };
}
