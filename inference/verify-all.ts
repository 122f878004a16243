import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Expectation } from "../mlflow/expectation.ts";
import { verifyEndpoint } from "./verify.ts";

/** What {@link verifyAll} is told. */
export interface VerifyAllOptions {
  /** The instances' base addresses as they are now; asked again before each round. */
  readonly resolve: () => Promise<readonly string[]>;
  readonly expectation: Expectation;
  /** How long to begin rounds until all pass: names may still lead to an old instance that drains. */
  readonly timeoutMs: number;
  /** Bearer token of the instances; asked for before each round, as it may change. @default none */
  readonly token?: () => Promise<string | undefined>;
  /** Between two rounds. @default 2000 */
  readonly pauseMs?: number;
  /** Of one request. @default 5000 */
  readonly requestTimeoutMs?: number;
}

/**
 * Asks every instance of a service, as {@link verifyEndpoint} does, until all of them pass in one round.
 *
 * @returns The addresses that were proven, at least one.
 * @throws Error naming the first instance that didn't pass in the last round, the check, what was expected and what came.
 */
export async function verifyAll(options: VerifyAllOptions): Promise<readonly string[]> {
  const { timeoutMs, pauseMs = 2000 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { endpoints, problem } = await round(options);
    if (!problem) return endpoints;
    if (performance.now() + pauseMs > deadline) throw new Error(`not proven within ${timeoutMs / 1000} s: ${problem}`);
    await delay(pauseMs);
  }
}

/** The base addresses of all that a name leads to, IPv4 and IPv6. */
export async function lookUpEndpoints(host: string, port: number): Promise<string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => `http://${isIPv6(address) ? `[${address}]` : address}:${port}`);
}

async function round({ resolve, expectation, token = async () => undefined, ...options }: VerifyAllOptions) {
  const verify = { timeoutMs: options.requestTimeoutMs ?? 5000, token: await token() };
  let endpoints: readonly string[] = [];
  try {
    endpoints = await resolve();
  } catch (error) {
    return { endpoints, problem: `expected at least one ready instance, got none: ${(error as Error).message}` };
  }
  if (endpoints.length === 0) return { endpoints, problem: "expected at least one ready instance, got none" };
  const answers = await Promise.allSettled(endpoints.map((endpoint) => verifyEndpoint(endpoint, expectation, verify)));
  const failed = answers.filter((answer) => answer.status === "rejected");
  if (failed.length === 0) return { endpoints, problem: undefined };
  const { message } = failed[0]!.reason as Error;
  return { endpoints, problem: `${failed.length} of ${endpoints.length} instances didn't pass, the first: ${message}` };
}
