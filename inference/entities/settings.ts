import { type Environment, text, whole } from "../environment.ts";

/**
 * Seconds from its event timestamp on at which a feature counts as missing; `ttl` for each feature view's own, as in
 * training; `any` for no bound, as Feast's feature server has none.
 */
export type MaxFeatureAge = number | "ttl" | "any";

/** How features are looked up by entity. */
export interface FeatureServerSettings {
  /** Address of Feast's feature server; undefined for none. */
  readonly url: string | undefined;
  /** From a try's connection to its whole answer. */
  readonly timeoutMs: number;
  /** Tries after the first one. */
  readonly retries: number;
  readonly maxAge: MaxFeatureAge;
}

export const featureServerUsage = `  FEAST_SERVER_URL        Feast's feature server, asked for features by entity (http://…)
  FEAST_TIMEOUT_MS        how long it may take to answer, each time       1000
  FEAST_RETRIES           how often it is asked again where it fails      2
  MAX_FEATURE_AGE         seconds, after which a feature is missing; ttl
                          for its view's TTL, as in training; or any      any
`;

/** @throws Error naming the variable, what was expected and what came. */
export function readFeatureServerSettings(env: Environment): FeatureServerSettings {
  const maxAge = text(env, "MAX_FEATURE_AGE", "any", /^(any|ttl|[1-9]\d{0,9})$/, "seconds, ttl or any");
  return {
    url: readAddress(env),
    timeoutMs: whole(env, "FEAST_TIMEOUT_MS", 1000, 1, 60_000),
    retries: whole(env, "FEAST_RETRIES", 2, 0, 10),
    maxAge: maxAge === "any" || maxAge === "ttl" ? maxAge : Number(maxAge),
  };
}

function readAddress(env: Environment): string | undefined {
  if (/^[^/]*\/\/[^/]*@/.test(env.FEAST_SERVER_URL ?? ""))
    throw new Error("FEAST_SERVER_URL: expected an address without user and password, which the log would show");
  const address = /^(https?:\/\/[^/?#\s]+(\/[^?#\s]*)?)?$/i;
  return text(env, "FEAST_SERVER_URL", "", address, "an address as http://host:6566") || undefined;
}
