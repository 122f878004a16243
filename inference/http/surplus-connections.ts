import type { Socket } from "node:net";
import type { Gate } from "./exchange.ts";
import { HttpProblem } from "./http-problem.ts";

const surplus = new WeakSet<Socket>();

/** From now on a connection is one above the limit. */
export function markSurplus(socket: Socket): void {
  surplus.add(socket);
}

/**
 * Refuses what comes by a connection above the limit, and closes it. Probes are answered: a service that is busy is alive.
 */
export const refuseSurplus: Gate = ({ request, response, route }) => {
  if (!surplus.has(request.socket)) return;
  response.shouldKeepAlive = false;
  if (route?.endpoint.probe) return;
  throw new HttpProblem(503, "too many connections: keep them open for further requests, or try again later", {
    headers: { "Retry-After": "1" },
  });
};
