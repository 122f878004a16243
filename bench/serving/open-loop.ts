import { Agent, type ClientRequest, request as httpRequest } from "node:http";
import { setTimeout } from "node:timers/promises";

/** Requests that come whether or not earlier ones were answered, as those of many clients do. */
export interface OpenLoad {
  readonly url: string;
  /** JSON; without one, GET. */
  readonly body?: Buffer;
  /** Requests a second, evenly spaced. */
  readonly rate: number;
  readonly seconds: number;
  /** After which a client gives up. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What became of one request. */
export interface Outcome {
  /** From when it was due to the end of its answer. */
  readonly ms: number;
  /** Absent where no whole answer came. */
  readonly status?: number;
  /** Why none came: `no answer in time`, or the code of what broke the connection, such as `ECONNRESET`. */
  readonly failure?: string;
  /** The header of that name. */
  readonly retryAfter?: string | undefined;
}

/**
 * Sends requests at a rate, on as many connections as they take, and waits for the last answer. A request that is sent
 * late, since this process or the network was busy, counts from when it was due.
 */
export async function runOpenLoop(load: OpenLoad): Promise<Outcome[]> {
  const { rate, seconds, signal } = load;
  const agent = new Agent({ keepAlive: true });
  const total = Math.round(rate * seconds);
  const outcomes: Promise<Outcome>[] = [];
  const start = performance.now();
  try {
    while (outcomes.length < total) {
      const due = Math.min(Math.floor(((performance.now() - start) / 1000) * rate) + 1, total);
      while (outcomes.length < due) outcomes.push(send(load, agent, start + (outcomes.length / rate) * 1000));
      await setTimeout(1, undefined, { signal });
    }
    return await Promise.all(outcomes);
  } finally {
    agent.destroy();
  }
}

function send({ url, body, timeoutMs }: OpenLoad, agent: Agent, due: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const headers = body && { "Content-Type": "application/json", "Content-Length": body.length };
    const options = { agent, method: body ? "POST" : "GET", ...(headers && { headers }) };
    const request: ClientRequest = httpRequest(url, options, (response) => {
      response.resume();
      response.once("error", fail);
      response.once("end", () => settle({ status: response.statusCode!, retryAfter: response.headers["retry-after"] }));
    });
    const settle = (answer: Omit<Outcome, "ms">) => {
      clearTimeout(patience);
      resolve({ ms: performance.now() - due, ...answer });
    };
    const fail = ({ code, message }: NodeJS.ErrnoException) => settle({ failure: code ?? message });
    const patience = globalThis.setTimeout(() => {
      settle({ failure: "no answer in time" });
      request.destroy();
    }, timeoutMs);
    request.once("error", fail);
    request.end(body);
  });
}
