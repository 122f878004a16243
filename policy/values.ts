/** Key by which the engine tells special objects apart, and the two of them that hold a value (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What stands for a value that preview can't know, by its type (same file; the SDK for Node.js sends the first for all). */
const unknowns: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const [unknownValue] = unknowns;

/** Whether a value is one that preview can't know: no rule can say that it is wrong. */
export function isUnknown(value: unknown): boolean {
  return unknowns.has(value);
}

/** Whether a value is marked as a secret, at this level. */
export function isSecret(value: unknown): boolean {
  if (!isObject(value)) return false;
  return value[signatureKey] === secret || (value[signatureKey] === output && value.secret === true);
}

/** A value without the mark of a secret or of an output. */
export function opened(value: unknown): unknown {
  let inner = value;
  while (isObject(inner) && (inner[signatureKey] === secret || inner[signatureKey] === output)) {
    inner = inner.value === undefined ? unknownValue : inner.value;
  }
  return inner;
}

/** The value at a path; undefined where there is none, and unknown where any step is. */
export function get(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = opened(value);
  for (const key of path) {
    if (isUnknown(found)) return found;
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = opened((found as Record<string | number, unknown>)[key]);
  }
  return found;
}

/** Whether a value is the one wanted, or may turn out to be. */
export function is(value: unknown, ...wanted: readonly unknown[]): boolean {
  return wanted.includes(value) || isUnknown(value);
}

/** Whether there is a value, known or not. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** The elements of a list, without marks; none where it isn't one. */
export function listOf(value: unknown): unknown[] {
  const list = opened(value);
  return Array.isArray(list) ? list.map(opened) : [];
}

/** Whether a list contains a value, or may turn out to. */
export function contains(value: unknown, wanted: unknown): boolean {
  return isUnknown(opened(value)) || listOf(value).some((element) => is(element, wanted));
}

/** Keys and values of an object, with the values' marks; none where it isn't one. */
export function entriesOf(value: unknown): [string, unknown][] {
  const object = opened(value);
  return isObject(object) ? Object.entries(object) : [];
}

/** `path: expected …, got …` */
export function problem(path: string, expected: string, got: unknown): string {
  return `${path}: expected ${expected}, got ${shown(got)}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
