import { parseText } from "../http/read-body.ts";
import { jsonCosts, pythonJsonCosts, requireRoom } from "../http/room-to-parse.ts";

/**
 * JSON as Python writes it, whose clients send missing values so: a bare NaN is read as null, and a bare Infinity as a
 * number too large for a double.
 *
 * @throws HttpProblem 400 malformed, 413 where it takes too much memory.
 */
export function parsePythonJson(text: string): unknown {
  requireRoom(text, jsonCosts);
  try {
    return JSON.parse(text);
  } catch {
    requireRoom(text, pythonJsonCosts);
    return parseText(plainJson(text));
  }
}

function plainJson(text: string): string {
  const parts: string[] = [];
  let from = 0;
  const replace = (at: number, word: string, json: string) => {
    if (!text.startsWith(word, at)) return at + 1;
    parts.push(text.slice(from, at), json);
    from = at + word.length;
    return from;
  };
  for (let at = 0; at < text.length; ) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === "N") at = replace(at, "NaN", "null");
    else if (char === "I") at = replace(at, "Infinity", "1e999");
    else at++;
  }
  parts.push(text.slice(from));
  return parts.join("");
}

/** @param at - of the opening quote. @returns where the text goes on behind the closing one. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === "\\") end++;
    else if (text[end] === '"') return end + 1;
  }
  return text.length;
}
