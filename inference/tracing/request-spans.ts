import type { IncomingMessage } from "node:http";
import {
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Logger } from "pino";
import type { Observer } from "../http/exchange.ts";
import type { Route } from "../http/router.ts";
import { harmless } from "../metrics/harmless.ts";
import type { BatcherOptions } from "../model/batcher.ts";
import type { PredictionObserver } from "../prediction/predictor.ts";
import { requestAttributes, spanName } from "./semantic-conventions.ts";
import { readTraceContext, type TraceContext, traceparent } from "./trace-context.ts";

/** Makes the spans of requests. */
export interface RequestSpans {
  /** Begins a request's span, a child of the client's where it has one; probes have none. @returns what it is known by. */
  begin(request: IncomingMessage, route: Route | undefined): TraceContext | undefined;
  /** Ends it. */
  readonly observe: Observer;
  /** Adds what a prediction took. */
  readonly observePrediction: PredictionObserver;
  readonly onRun: NonNullable<BatcherOptions["onRun"]>;
}

interface OpenSpan {
  readonly span: Span;
  /** When it began, ms since the epoch. */
  readonly epoch: number;
}

/** One run of the model. */
interface Run {
  readonly requests: number;
  readonly rows: number;
  readonly milliseconds: number;
  /** Of performance.now(). */
  readonly end: number;
}

/**
 * A span a request: its children are `read` (until its rows are there and valid) and `predict` (until the model has
 * answered), whose child `run` is the run of the model that answered it, the last where it took several. Children are
 * made when all is over, of the times that are taken anyway.
 */
export function requestSpans(tracer: Tracer, logger: Logger): RequestSpans {
  const open = new WeakMap<TraceContext, OpenSpan>();
  let latest: Run | undefined;
  const openOf = (context: TraceContext | undefined) => context && open.get(context);
  return {
    begin(request, route) {
      const client = readTraceContext(request.headers);
      if (route?.endpoint.probe) return client;
      const epoch = Date.now();
      const parent = client ? trace.setSpanContext(ROOT_CONTEXT, remoteSpan(client)) : ROOT_CONTEXT;
      const attributes = requestAttributes(request, route);
      const span = tracer.startSpan(
        spanName(request, route),
        { kind: SpanKind.SERVER, startTime: epoch, attributes },
        parent,
      );
      const { traceId, spanId, traceFlags, traceState } = span.spanContext();
      const own = { traceId, spanId, flags: traceFlags, state: traceState?.serialize() };
      // Whoever calls another service on behalf of the request hands these headers on, and so this span.
      request.headers.traceparent = traceparent(own);
      open.set(own, { span, epoch });
      return own;
    },
    observe: harmless<Parameters<Observer>>((exchange, status, milliseconds) => {
      const found = openOf(exchange.trace);
      if (!found) return;
      const { span, epoch } = found;
      span.setAttribute("http.response.header.x-request-id", [exchange.id]);
      if (status === 499) span.setAttribute("error.type", "client_closed_request");
      else span.setAttribute("http.response.status_code", status);
      if (status >= 500) span.setAttribute("error.type", String(status)).setStatus({ code: SpanStatusCode.ERROR });
      span.end(epoch + milliseconds);
    }, logger),
    observePrediction: harmless<Parameters<PredictionObserver>>(({ model, rows, start, milliseconds }, exchange) => {
      const found = openOf(exchange.trace);
      if (!found?.span.isRecording()) return;
      const { span, epoch } = found;
      const child = (
        name: string,
        parent: Span,
        from: number,
        to: number,
        attributes: Record<string, string | number>,
      ) => {
        const startTime = epoch + from - exchange.start;
        const made = tracer.startSpan(name, { startTime, attributes }, trace.setSpan(ROOT_CONTEXT, parent));
        made.end(epoch + to - exchange.start);
        return made;
      };
      child("read", span, exchange.start, start, { "ml.rows": rows.count });
      const end = start + milliseconds;
      const identity = { "ml.model.name": model.name, "ml.model.version": model.version };
      const predict = child("predict", span, start, end, { ...identity, "ml.rows": rows.count });
      if (!latest || latest.end < start || latest.end > end) return;
      const batch = { "ml.batch.requests": latest.requests, "ml.batch.rows": latest.rows };
      child("run", predict, latest.end - latest.milliseconds, latest.end, { ...identity, ...batch });
    }, logger),
    onRun(requests, rows, milliseconds) {
      latest = { requests, rows, milliseconds, end: performance.now() };
    },
  };
}

function remoteSpan({ traceId, spanId, flags, state }: TraceContext) {
  return { traceId, spanId, traceFlags: flags, isRemote: true, ...(state && { traceState: createTraceState(state) }) };
}
