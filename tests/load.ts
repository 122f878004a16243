import * as http from "node:http";
import * as https from "node:https";

/** How {@link startLoad} goes about it. */
export interface LoadOptions {
  /** Clients, each of which sends one request after another. @default 4 */
  readonly clients?: number;
  /** @default "/predict" */
  readonly path?: string;
  /** Host header, and name for TLS, where an Ingress chooses by it. @default the endpoint's own */
  readonly host?: string;
  /** After so many milliseconds a request has failed. @default 30000 */
  readonly timeoutMs?: number;
}

/** What a load has seen. */
export interface LoadResult {
  readonly requests: number;
  readonly failed: number;
  /** The failures in words, with seconds since the start; of many, the first hundred. */
  readonly failures: readonly string[];
  /** Answers by model version. */
  readonly versions: Readonly<Record<string, number>>;
}

/** A running load. */
export interface Load {
  /** Requests answered or failed so far. */
  readonly requests: number;
  /** Resolves once so many requests more have ended. */
  more(requests: number): Promise<void>;
  /** Resolves once the requests under way have ended. */
  stop(): Promise<LoadResult>;
}

/**
 * Sends one request after another from each of several clients until it is stopped: in turns one on a connection that the
 * client keeps, and one on a connection of its own. Nothing is sent twice: what fails is recorded as failed.
 *
 * @param endpoint - as `http://127.0.0.1:8080`. Behind `https:` any certificate will do.
 * @param body - of a prediction's request; its answer names the version.
 */
export function startLoad(endpoint: string, body: object, options: LoadOptions = {}): Load {
  const { clients = 4 } = options;
  const send = sender(endpoint, JSON.stringify(body), options);
  const failures: string[] = [];
  const versions: Record<string, number> = {};
  const waiting = new Set<{ until: number; resolve: () => void }>();
  const started = performance.now();
  let requests = 0;
  let failed = 0;
  let stopped = false;

  const fail = (connection: string, error: Error) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(3);
    if (failed++ < 100) failures.push(`after ${seconds} s, on ${connection}: ${error.message}`);
  };
  const client = async () => {
    const kept = send.agent({ keepAlive: true, maxSockets: 1 });
    for (let keep = true; !stopped; keep = !keep) {
      const agent = keep ? kept : send.agent({ keepAlive: false });
      try {
        const version = await send.predict(agent);
        versions[version] = (versions[version] ?? 0) + 1;
      } catch (error) {
        fail(keep ? "a kept connection" : "a connection of its own", error as Error);
      }
      if (!keep) agent.destroy();
      requests++;
      for (const waiter of waiting) {
        if (requests < waiter.until) continue;
        waiting.delete(waiter);
        waiter.resolve();
      }
    }
    kept.destroy();
  };
  const running = Array.from({ length: clients }, client);
  return {
    get requests() {
      return requests;
    },
    more: (count) => new Promise((resolve) => waiting.add({ until: requests + count, resolve })),
    async stop() {
      stopped = true;
      await Promise.all(running);
      return { requests, failed, failures, versions };
    },
  };
}

function sender(endpoint: string, text: string, { path = "/predict", host, timeoutMs = 30_000 }: LoadOptions) {
  const url = new URL(path, endpoint);
  const secure = url.protocol === "https:";
  const headers = {
    Host: host ?? url.host,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
  };
  const tls = { rejectUnauthorized: false, ...(host && { servername: host.replace(/:\d+$/, "") }) };

  const answer = (agent: http.Agent) =>
    new Promise<string>((resolve, reject) => {
      const request = (secure ? https : http).request(url, { method: "POST", agent, headers });
      const timer = setTimeout(() => {
        reject(new Error(`no answer within ${timeoutMs} ms`));
        request.destroy();
      }, timeoutMs);
      request.once("close", () => clearTimeout(timer));
      request.once("error", reject);
      request.once("response", (response) => {
        let received = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          received += part;
        });
        response.once("error", reject);
        response.once("end", () => {
          if (response.statusCode === 200) resolve(received);
          else reject(new Error(`status ${response.statusCode}: ${received.slice(0, 500)}`));
        });
      });
      request.end(text);
    });
  return {
    agent: (options: http.AgentOptions) => (secure ? new https.Agent({ ...options, ...tls }) : new http.Agent(options)),
    /** @throws Error that says what kept it from an answer with a version. */
    async predict(agent: http.Agent): Promise<string> {
      const received = await answer(agent);
      const version = versionIn(received);
      if (version === undefined)
        throw new Error(`expected an answer with a model_version, got ${received.slice(0, 500)}`);
      return version;
    },
  };
}

function versionIn(received: string): string | undefined {
  try {
    return JSON.parse(received).model_version;
  } catch {
    return undefined;
  }
}
