import type { IncomingMessage, ServerResponse } from "node:http";
import type { TraceContext } from "../tracing/trace-context.ts";
import type { Route } from "./router.ts";

/** One request and its answer, as all see it that stands around the endpoints: admission, metrics, logs, traces. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** As sent, without the query. */
  readonly path: string;
  /** Absent where the path leads nowhere. */
  readonly route: Route | undefined;
  /** The client's own where it sends a plain one. */
  readonly id: string;
  /** The client's span, or where requests are traced this one's own; absent where there is neither. */
  readonly trace: TraceContext | undefined;
  /** Of performance.now(), when the request's head was read. */
  readonly start: number;
  /** Headers of the answer, whatever it is: a name, its value, the next name, … */
  readonly headers: string[];
}

/** Is asked before a request is answered. @throws HttpProblem where it isn't to be. */
export type Gate = (exchange: Exchange) => void;

/** Is told of each answer once it is out, or its client gone. @param milliseconds - since the request's head. */
export type Observer = (exchange: Exchange, status: number, milliseconds: number) => void;
