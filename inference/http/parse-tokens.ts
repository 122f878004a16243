/** Characters; where they are random hex, that is 128 bits. */
const shortest = 32;
/** Source: RFC 6750, 2.1, `b64token`. */
const syntax = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Tokens with commas between. @throws Error naming `what`, and the place of the one that is wrong, never the token. */
export function commaTokens(what: string, text: string): readonly string[] {
  return parseTokens(what, text.split(","), "token");
}

/** A token a line; a line that begins with # is a comment. @throws Error as {@link commaTokens}. */
export function lineTokens(what: string, text: string): readonly string[] {
  return parseTokens(what, text.replaceAll(/^\s*#.*$/gm, "").split("\n"), "line");
}

function parseTokens(what: string, items: readonly string[], place: string): readonly string[] {
  const tokens = items.map((item) => item.trim());
  const wrong = tokens.findIndex((token) => token !== "" && !(token.length >= shortest && syntax.test(token)));
  if (wrong >= 0)
    throw new Error(
      `${what}: ${place} ${wrong + 1}: expected a token of at least ${shortest} characters of A-Z a-z 0-9 - . _ ~ + /, ` +
        `as openssl rand -hex 32 makes one, got another text, of ${tokens[wrong]!.length} characters`,
    );
  const found = tokens.filter(Boolean);
  if (found.length > 0) return found;
  throw new Error(`${what}: expected at least one token, got none`);
}
