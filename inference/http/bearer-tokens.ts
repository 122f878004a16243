import { hash, timingSafeEqual } from "node:crypto";
import { isOpen } from "./endpoint.ts";
import type { Gate } from "./exchange.ts";
import { HttpProblem } from "./http-problem.ts";

/** The tokens that open the service: several, so that one can follow another. */
export class BearerTokens {
  #digests: readonly Buffer[] = [];

  constructor(tokens: readonly string[]) {
    this.replace(tokens);
  }

  /** From now on these count, and no others. */
  replace(tokens: readonly string[]): void {
    this.#digests = tokens.map(digest);
  }

  /** Takes as long for a wrong token as for a right one, whichever that is: digests are compared, in full, with all of them. */
  has(token: string): boolean {
    const asked = digest(token);
    let equal = 0;
    for (const known of this.#digests) equal |= Number(timingSafeEqual(asked, known));
    return equal === 1;
  }
}

/** Lets through who shows one of the tokens, and asks probes, or what is open. @throws HttpProblem 401 for all else, whatever the path. */
export function requireToken(tokens: BearerTokens): Gate {
  return ({ request, route }) => {
    if (route && isOpen(route.endpoint)) return;
    const given = request.headers.authorization;
    if (given === undefined) throw unauthorized("Bearer", "expected the header Authorization: Bearer TOKEN, got none");
    // The scheme's case doesn't matter (RFC 9110, 11.1).
    const [, token] = /^bearer +(\S+)$/i.exec(given) ?? [];
    if (token === undefined || !tokens.has(token))
      throw unauthorized(
        'Bearer error="invalid_token"',
        "expected the header Authorization: Bearer TOKEN, got another one",
      );
  };
}

function digest(token: string): Buffer {
  return hash("sha256", token, "buffer");
}

function unauthorized(challenge: string, detail: string): HttpProblem {
  return new HttpProblem(401, detail, { headers: { "WWW-Authenticate": challenge } });
}
