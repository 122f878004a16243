import type { Environment } from "./environment.ts";
import { commaTokens } from "./http/parse-tokens.ts";
import { readTokenFile } from "./http/token-file.ts";

/**
 * What to show a service that was given the same environment: the first of its bearer tokens, as they are now.
 *
 * @returns undefined where it is open.
 * @throws Error naming the variable, what was expected and what came.
 */
export async function clientToken({ AUTH_TOKENS, AUTH_TOKENS_FILE }: Environment): Promise<string | undefined> {
  if (AUTH_TOKENS) return commaTokens("AUTH_TOKENS", AUTH_TOKENS)[0];
  return AUTH_TOKENS_FILE ? (await readTokenFile(AUTH_TOKENS_FILE))[0] : undefined;
}
