import { resourceLimits } from "node:worker_threads";
import { HttpProblem } from "./http-problem.ts";

/** Bytes of heap that a character may stand for. */
export type ParseCosts = Uint8Array;

/** Of JSON as V8 holds it, measured with arrays and objects that are empty, deeply nested, or have names of their own. */
export const jsonCosts: ParseCosts = costsOf({ "[": 56, "{": 112, ":": 72, ",": 8 });

/** Of JSON as Python writes it, where it is rewritten first: each NaN parts the text. */
export const pythonJsonCosts: ParseCosts = costsOf({ "[": 56, "{": 112, ":": 72, ",": 8, N: 48, I: 48 });

/** Of CSV: a field is a string in an array. */
export const csvCosts: ParseCosts = costsOf({ ",": 48, "\n": 48 });

/** What a character costs at most, of any of these: an object costs twice as much, and takes two at least. */
const greatestCost = 56;

/**
 * Half of the heap that this thread may have, as parsing leaves garbage; without a limit of its own it is the main one,
 * which is given nothing large to parse.
 */
const room = ((resourceLimits.maxOldGenerationSizeMb ?? Number.POSITIVE_INFINITY) / 2) * 2 ** 20;

/**
 * Checks that a text doesn't take too much memory to parse. Where it is parsed by native code, as JSON is, a thread's
 * limit is no help: V8 can't stop it there, and ends the process.
 *
 * @throws HttpProblem 413
 */
export function requireRoom(text: string, costs: ParseCosts): void {
  if (text.length * greatestCost <= room) return;
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < costs.length) bytes += costs[code]!;
  }
  if (bytes > room) throw new HttpProblem(413, "the body takes too much memory to read: send fewer rows");
}

function costsOf(characters: Readonly<Record<string, number>>): ParseCosts {
  const costs = new Uint8Array(128);
  for (const [character, bytes] of Object.entries(characters)) costs[character.charCodeAt(0)] = bytes;
  return costs;
}
