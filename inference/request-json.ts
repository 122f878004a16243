import { type Agent, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** Options of {@link requestJson}. */
export interface RequestJsonOptions {
  /** Sent as JSON; a request that sends something is a POST, unless `method` says otherwise. */
  readonly body?: unknown;
  /** Sent in place of `body`, as it is. */
  readonly json?: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  /** From the connection to the whole answer. @default 10,000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Keeps connections. @default one for this request alone */
  readonly agent?: Agent;
}

/** An answer, whatever its status. */
export interface JsonAnswer {
  readonly status: number;
  /** Parsed where it is JSON, else undefined. */
  readonly body: unknown;
  readonly text: string;
}

/**
 * One request. Not `fetch`, which refuses some ports outright.
 *
 * @throws Error naming the address where no answer came in time, with the cause.
 */
export function requestJson(url: URL | string, options: RequestJsonOptions = {}): Promise<JsonAnswer> {
  const { body, json = body === undefined ? undefined : JSON.stringify(body), headers, timeoutMs = 10_000 } = options;
  const { method = json === undefined ? "GET" : "POST", signal, agent = false } = options;
  const target = new URL(url);
  const send = target.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const fail = (cause: unknown) => {
      if (signal?.aborted) return reject(signal.reason);
      const why = timeout.aborted ? `no answer within ${timeoutMs} ms` : (cause as Error).message;
      reject(new Error(`${method} ${target.href}: ${why}`, { cause }));
    };
    const request = send(
      target,
      {
        method,
        agent,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        headers: {
          ...(json !== undefined && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(json) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", fail);
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, body: parse(text), text });
        });
      },
    );
    request.once("error", fail);
    request.end(json);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
