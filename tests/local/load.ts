import { Agent, request } from "node:http";

/** What a load has seen. */
export interface LoadResult {
  readonly requests: number;
  /** Each failure in words. */
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
  stop(): Promise<LoadResult>;
}

/**
 * Sends one request after another from each of several clients until it is stopped: in turns one on a connection that the
 * client keeps, and one on a connection of its own.
 *
 * @param body - of a `/predict` request; its answer names the version.
 */
export function startLoad(endpoint: string, body: object, clients: number): Load {
  const url = new URL("/predict", endpoint);
  const text = JSON.stringify(body);
  const failures: string[] = [];
  const versions: Record<string, number> = {};
  const waiting: { until: number; resolve: () => void }[] = [];
  let requests = 0;
  let stopped = false;

  const client = async () => {
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let keep = true; !stopped; keep = !keep) {
      const agent = keep && kept;
      try {
        const version = await predict(url, text, agent);
        versions[version] = (versions[version] ?? 0) + 1;
      } catch (error) {
        failures.push(`${keep ? "kept" : "own"} connection: ${(error as Error).message}`);
      }
      requests++;
      for (const { until, resolve } of waiting) if (requests >= until) resolve();
    }
    kept.destroy();
  };
  const running = Array.from({ length: clients }, client);
  return {
    get requests() {
      return requests;
    },
    more: (count) => new Promise((resolve) => waiting.push({ until: requests + count, resolve })),
    async stop() {
      stopped = true;
      await Promise.all(running);
      return { requests, failures, versions };
    },
  };
}

function predict(url: URL, text: string, agent: Agent | false): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      let answer = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        answer += chunk;
      });
      response.once("error", reject);
      response.once("end", () => {
        if (response.statusCode !== 200) return reject(new Error(`status ${response.statusCode}: ${answer}`));
        resolve(JSON.parse(answer).model_version);
      });
    });
    sent.once("error", reject);
    sent.end(text);
  });
}
