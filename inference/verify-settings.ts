import { type Environment, whole } from "./environment.ts";

/** What `verify-pods.ts` is told by its environment. */
export interface VerifySettings {
  /** Name that leads to every instance, such as that of a headless Service. */
  readonly host: string;
  readonly port: number;
  /** File with an Expectation as JSON. */
  readonly expectationFile: string;
  readonly timeoutMs: number;
}

export const verifyUsage = `Proves each instance behind a name: version, sha256 and golden sample, at both predict endpoints.

  node inference/verify-pods.ts

Environment:
  VERIFY_HOST             name that leads to all instances, such as a headless Service's (required)
  VERIFY_PORT             port of each instance                           8080
  VERIFY_SECONDS          how long to repeat until all pass               120
  MODEL_EXPECTATION_FILE  JSON: the version, sha256 and golden sample that each must have (required)
  AUTH_TOKENS_FILE        or AUTH_TOKENS: the instances' bearer tokens, where they ask for one; the first is shown

Exit status: 0 all proven (at least one), 1 not proven, with the reason as the last line, 2 wrong settings.
`;

/** @throws Error naming the variable, what was expected and what came. */
export function readVerifySettings(env: Environment): VerifySettings {
  return {
    host: required(env, "VERIFY_HOST", "the name that leads to all instances"),
    port: whole(env, "VERIFY_PORT", 8080, 1, 65_535),
    expectationFile: required(env, "MODEL_EXPECTATION_FILE", "a file with what each instance must serve"),
    timeoutMs: whole(env, "VERIFY_SECONDS", 120, 0, 3600) * 1000,
  };
}

function required(env: Environment, name: string, expected: string): string {
  const value = env[name];
  if (value) return value;
  throw new Error(`${name}: expected ${expected}, got nothing`);
}
