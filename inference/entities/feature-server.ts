import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { backOff } from "../back-off.ts";
import { type JsonAnswer, requestJson } from "../request-json.ts";
import { FeatureServerError } from "./feature-server-error.ts";
import type { FeatureServerSettings } from "./settings.ts";

/** Feast's feature server. */
export interface FeatureServer {
  /**
   * Asks for online features, again where that fails in a way that may pass: no answer in time, a broken connection, or
   * a status of 5xx or 429.
   *
   * @param json - the body.
   * @param retried - told of each try after the first one.
   * @param headers - beside those of a body.
   * @returns the answer's body.
   * @throws FeatureServerError naming the address, with what came last.
   */
  getOnlineFeatures(
    json: string,
    signal: AbortSignal,
    retried: () => void,
    headers?: Readonly<Record<string, string>>,
  ): Promise<unknown>;
}

/** The first and the longest one between tries. */
const pausesMs = [50, 1000] as const;
/** Shorter than servers keep an idle connection, so that one they are closing is seldom used. */
const idleMs = 4000;

/** @param url - its address; what it has of a path stands before Feast's. */
export function createFeatureServer(
  url: string,
  { timeoutMs, retries }: Pick<FeatureServerSettings, "timeoutMs" | "retries">,
): FeatureServer {
  const target = new URL("get-online-features", url.endsWith("/") ? url : `${url}/`);
  const Agent = target.protocol === "https:" ? HttpsAgent : HttpAgent;
  const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: idleMs });

  return {
    async getOnlineFeatures(json, signal, retried, headers = {}) {
      const request = { json, headers, signal, timeoutMs, agent };
      for (let failures = 1; ; failures++) {
        const answer = await requestJson(target, request).catch((error: Error) => error);
        if (!(answer instanceof Error) && answer.status === 200 && answer.body !== undefined) return answer.body;
        const passes = answer instanceof Error || answer.status >= 500 || answer.status === 429;
        if (signal.aborted || !passes || failures > retries) throw failure(target, answer);
        await pause(backOff(failures, ...pausesMs), undefined, { signal });
        retried();
      }
    },
  };
}

function failure(target: URL, answer: JsonAnswer | Error): FeatureServerError {
  if (answer instanceof Error) return new FeatureServerError(answer.message, { cause: answer });
  const { status, text } = answer;
  const came = status === 200 ? "no JSON" : `status ${status}`;
  return new FeatureServerError(
    `POST ${target.href}: expected features as JSON, got ${came}: ${JSON.stringify(text.slice(0, 500))}`,
  );
}
