import type { IncomingHttpHeaders } from "node:http";

/** A span of a trace, as it is told from service to service. */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Bit 0: the trace is recorded. */
  readonly flags: number;
  /** `tracestate` of vendors, as it came. */
  readonly state?: string | undefined;
}

/** A trace as headers; empty where there is none. */
export type TraceHeaders = Readonly<Partial<Record<"traceparent" | "tracestate", string>>>;

const ofLaterVersions = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;
const ofVersion0 = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;
const zeros = /^0+$/;
/** Of a tracestate, 512 characters are to be passed on at least. */
const longestState = 512;

/**
 * The client's span, where it sends one. Source: W3C Trace Context, https://www.w3.org/TR/trace-context/: a `traceparent`
 * that isn't as specified counts as none, and so does its `tracestate`; of a later version the parts known today are read.
 */
export function readTraceContext(headers: IncomingHttpHeaders): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== "string") return undefined;
  const found = (traceparent.startsWith("00") ? ofVersion0 : ofLaterVersions).exec(traceparent);
  if (!found) return undefined;
  const [, traceId = "", spanId = "", flags = ""] = found;
  if (zeros.test(traceId) || zeros.test(spanId)) return undefined;
  const state = typeof tracestate === "string" && tracestate.length <= longestState ? tracestate : undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16), state };
}

/** A context as the `traceparent` of what is called on behalf of it: of version 00, with the flags that it knows. */
export function traceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${flags & 1}`;
}

/** Headers of what is called on behalf of a request: its trace goes on there, whoever records it. */
export function traceHeaders(headers: IncomingHttpHeaders): TraceHeaders {
  const context = readTraceContext(headers);
  if (!context) return {};
  return { traceparent: traceparent(context), ...(context.state && { tracestate: context.state }) };
}
