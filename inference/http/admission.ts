import { Overloaded } from "../overloaded.ts";
import type { Exchange, Gate, Observer } from "./exchange.ts";

/** What may wait at once; beyond it requests are refused, so that those which were let in are answered soon. */
export interface AdmissionLimits {
  /** Predictions that were let in and aren't answered yet. */
  readonly requests: number;
  /** Bytes of their bodies. */
  readonly bytes: number;
  /** Rows that no run has taken yet. */
  readonly rows: number;
}

export const defaultAdmission: AdmissionLimits = { requests: 2048, bytes: 64 * 2 ** 20, rows: 2 ** 18 };

/** A bound on the predictions that wait. */
export interface Admission {
  /** Lets a prediction in by its head. @throws {@link Overloaded} where too much waits. */
  readonly gate: Gate;
  /** Counts a part of its body. @throws {@link Overloaded} likewise. */
  hold(exchange: Exchange, bytes: number): void;
  /** Lets go of it. */
  readonly observer: Observer;
}

/**
 * Load shedding. A service that takes everything answers nobody in time once it is asked for more than it can do; one
 * that refuses early stays fast for whom it takes.
 *
 * @param queuedRows - rows that wait now.
 */
export function limitWaiting(queuedRows: () => number, limits: AdmissionLimits): Admission {
  let requests = 0;
  let bytes = 0;
  const held = new WeakMap<Exchange, number>();
  return {
    gate(exchange) {
      if (typeof exchange.route?.endpoint.POST !== "object" || exchange.request.method !== "POST") return;
      if (requests >= limits.requests || bytes >= limits.bytes || queuedRows() >= limits.rows) throw new Overloaded();
      held.set(exchange, 0);
      requests++;
    },
    hold(exchange, part) {
      if (bytes + part > limits.bytes) throw new Overloaded();
      held.set(exchange, held.get(exchange)! + part);
      bytes += part;
    },
    observer(exchange) {
      const own = held.get(exchange);
      if (own === undefined) return;
      held.delete(exchange);
      requests--;
      bytes -= own;
    },
  };
}
