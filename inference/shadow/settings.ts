import { type Environment, text } from "../environment.ts";

/** Which second version is asked what the first one was. */
export interface ShadowSettings {
  /** `latest`, a number or `@alias` of the same registered model. */
  readonly version: string;
  /** Share of the requests that it is asked, above 0 up to 1. */
  readonly sample: number;
}

/** Lines of the help. */
export const shadowUsage = `\
  SHADOW_MODEL_VERSION    a second version, by latest, number or @alias,
                          that is asked the same rows apart from the
                          answers; metrics tell how the two differ        none
  SHADOW_SAMPLE           share of the requests that it is asked          1
`;

/** @throws Error naming the variable, what was expected and what came. */
export function readShadowSettings(env: Environment): ShadowSettings | undefined {
  const sample = Number(text(env, "SHADOW_SAMPLE", "1", /^(0?\.\d*[1-9]\d*|1(\.0+)?)$/, "a number above 0 up to 1"));
  const version = text(
    env,
    "SHADOW_MODEL_VERSION",
    "none",
    /^(none|latest|[1-9]\d*|@.+)$/,
    "latest, a number or @alias",
  );
  if (version === "none") return undefined;
  if (!env.METRICS_PORT || env.METRICS_PORT === "0")
    throw new Error(
      "SHADOW_MODEL_VERSION: expected METRICS_PORT with it, as metrics are all that a shadow tells, got none",
    );
  return { version, sample };
}
