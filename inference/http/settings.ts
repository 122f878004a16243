import { type Environment, whole } from "../environment.ts";
import { commaTokens } from "./parse-tokens.ts";
import { defaultLimits, type ServerLimits } from "./server-limits.ts";

/** Who may ask, and how much of a connection: what the service is told of HTTP. */
export interface HttpSettings {
  readonly limits: ServerLimits;
  /** File of bearer tokens, or the tokens themselves; undefined opens the service to all. */
  readonly tokens: string | readonly string[] | undefined;
  readonly corsOrigins: readonly string[];
}

const { keepAliveMs, headerMs, requestMs, answerMs, headerBytes, connections } = defaultLimits;

export const httpUsage = `  AUTH_TOKENS_FILE        file of bearer tokens, one a line (# comments): each opens all but the probes; read
                          anew when it changes
  AUTH_TOKENS             the tokens themselves, with commas between
  CORS_ORIGINS            whose pages may ask from a browser: origins with commas between, or *; nobody's if empty
  MAX_CONNECTIONS         connections at a time                           ${connections}
  MAX_HEADER_BYTES        bytes of a request's head                       ${headerBytes}
  HEADER_TIMEOUT_SECONDS  for a request's head to come                    ${headerMs / 1000}
  REQUEST_TIMEOUT_SECONDS for a whole request to come                     ${requestMs / 1000}
  ANSWER_TIMEOUT_SECONDS  for a client to take its answer                 ${answerMs / 1000}
  KEEP_ALIVE_SECONDS      how long an idle connection stays open; longer
                          than a load balancer in front keeps its own     ${keepAliveMs / 1000}
`;

/** @throws Error naming the variable, what was expected and what came. */
export function readHttpSettings(env: Environment): HttpSettings {
  return { limits: readLimits(env), tokens: readTokens(env), corsOrigins: readOrigins(env) };
}

function readLimits(env: Environment): ServerLimits {
  const seconds = (name: string, fallbackMs: number, min = 1) => whole(env, name, fallbackMs / 1000, min, 3600) * 1000;
  const requestMs = seconds("REQUEST_TIMEOUT_SECONDS", defaultLimits.requestMs);
  const headerMs = seconds("HEADER_TIMEOUT_SECONDS", Math.min(defaultLimits.headerMs, requestMs));
  if (headerMs > requestMs)
    throw new Error(
      `HEADER_TIMEOUT_SECONDS: expected at most REQUEST_TIMEOUT_SECONDS (${requestMs / 1000}), got ${headerMs / 1000}`,
    );
  return {
    keepAliveMs: seconds("KEEP_ALIVE_SECONDS", defaultLimits.keepAliveMs),
    headerMs,
    requestMs,
    answerMs: seconds("ANSWER_TIMEOUT_SECONDS", defaultLimits.answerMs),
    headerBytes: whole(env, "MAX_HEADER_BYTES", defaultLimits.headerBytes, 1024, 2 ** 20),
    connections: whole(env, "MAX_CONNECTIONS", defaultLimits.connections, 1, 1_000_000),
  };
}

function readTokens({ AUTH_TOKENS, AUTH_TOKENS_FILE }: Environment): HttpSettings["tokens"] {
  if (AUTH_TOKENS && AUTH_TOKENS_FILE) throw new Error("AUTH_TOKENS: expected it or AUTH_TOKENS_FILE, got both");
  return AUTH_TOKENS ? commaTokens("AUTH_TOKENS", AUTH_TOKENS) : AUTH_TOKENS_FILE || undefined;
}

function readOrigins({ CORS_ORIGINS = "" }: Environment): readonly string[] {
  const origins = CORS_ORIGINS.split(",").map((origin) => origin.trim());
  const wrong = origins.find((origin) => origin !== "" && origin !== "*" && !isOrigin(origin));
  if (wrong === undefined) return origins.filter(Boolean);
  throw new Error(`CORS_ORIGINS: expected origins, as https://app.example.com, or *, got ${JSON.stringify(wrong)}`);
}

/** As browsers send it: without a path, and in lower case. No part of it stands for others. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && !text.includes("*");
}
