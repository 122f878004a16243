/** What can be wrong with a feature or an entity. */
export const problemKinds = [
  "missing",
  "unknown",
  "type",
  "length",
  "empty",
  "value",
  "unknown_entity",
  "stale",
] as const;

/** One thing that is wrong with a request's features. */
export interface FeatureProblem {
  /** Where, from the body's root: `inputs.total_purchases[2]`, `instances[0].age`. */
  readonly path: string;
  /** The feature it is about; absent where it is about the body around the features. */
  readonly feature?: string;
  readonly problem: (typeof problemKinds)[number];
  readonly expected: string;
  readonly received: string;
}

/** A request has at most so many problems named: a wrong file of 100,000 rows needs no 100,000 lines of answer. */
export const maxProblems = 50;

/** Thrown by the readers of features; the message counts, the list says what. */
export class InvalidFeatures extends Error {
  readonly problems: readonly FeatureProblem[];

  constructor(problems: readonly FeatureProblem[]) {
    const more = problems.length >= maxProblems ? " or more" : "";
    super(`${problems.length}${more} invalid ${problems.length === 1 ? "value" : "values"}: ${summary(problems[0]!)}`);
    this.name = "InvalidFeatures";
    this.problems = problems;
  }
}

/** One value, given where something else was expected. */
export function invalidValue(
  path: string,
  expected: string,
  received: unknown,
  problem: FeatureProblem["problem"] = "type",
): InvalidFeatures {
  return new InvalidFeatures([{ path, problem, expected, received: describe(received) }]);
}

/** Thrown when a request holds more rows than the service takes at once. */
export class TooManyRows extends Error {
  /** @param rows - that it holds; `more` where they weren't counted to the end. */
  constructor(limit: number, rows: number | "more") {
    super(`at most ${limit} rows a request, got ${rows}`);
    this.name = "TooManyRows";
  }
}

function summary({ path, expected, received }: FeatureProblem): string {
  return `${path}: expected ${expected}, got ${received}`;
}

/** A JSON value in a few words, never in full: it may be huge. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string") return `the string ${JSON.stringify(shorten(value))}`;
  if (Number.isNaN(value)) return "NaN";
  if (typeof value === "number")
    return Number.isFinite(value) ? `the number ${value}` : "a number beyond the range of a double";
  if (typeof value === "boolean") return String(value);
  return "an object";
}

/** The path of a member; plain where the name is plain. */
export function memberPath(parent: string, name: string): string {
  if (!/^[\w$-]+$/.test(name)) return `${parent}[${JSON.stringify(shorten(name))}]`;
  return parent ? `${parent}.${shorten(name)}` : shorten(name);
}

export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
