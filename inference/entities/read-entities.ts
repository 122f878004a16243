import type { JoinKey } from "../../mlflow/model-folder.ts";
import {
  describe,
  type FeatureProblem,
  InvalidFeatures,
  invalidValue,
  isObject,
  maxProblems,
  memberPath,
  shorten,
  TooManyRows,
} from "../features/feature-problem.ts";
import { type JoinKeyReader, joinKeyReader } from "./join-key.ts";

/** Entities to look up: a value a row of each join key. */
export interface EntityRows {
  readonly count: number;
  readonly keys: readonly EntityKey[];
}

/** A join key and its values, as JSON texts. */
interface EntityKey {
  readonly name: string;
  readonly values: readonly string[];
}

/**
 * Reads `{"entities": {join key: [value, …], …}}`: one array a join key, all of the same length.
 *
 * @param given - what came as `entities`.
 * @throws InvalidFeatures naming each missing, unknown or ill-typed value, and where.
 * @throws TooManyRows
 */
export function readEntities(joinKeys: readonly JoinKey[], given: unknown, rowLimit: number): EntityRows {
  if (!isObject(given)) throw invalidValue("entities", "an object with one array a join key", given);
  const problems = nameProblems(joinKeys, given);
  const keys: EntityKey[] = [];
  let count: number | undefined;
  for (const { name, type } of joinKeys) {
    if (!Object.hasOwn(given, name)) continue;
    const array = given[name];
    const path = memberPath("entities", name);
    if (!Array.isArray(array)) {
      problems.push(typeProblem(path, "an array, a value a row", array));
      continue;
    }
    count ??= array.length;
    if (array.length > rowLimit) throw new TooManyRows(rowLimit, array.length);
    if (array.length !== count)
      problems.push({
        path,
        problem: "length",
        expected: `${count} values, as the first one has`,
        received: `${array.length} values`,
      });
    keys.push({ name, values: readValues(joinKeyReader(type), array, path, problems) });
  }
  if (problems.length === 0 && !count)
    problems.push({ path: "entities", problem: "empty", expected: "at least one row", received: "no rows" });
  if (problems.length > 0) throw new InvalidFeatures(problems.slice(0, maxProblems));
  return { count: count!, keys };
}

function readValues(
  { expected, read }: JoinKeyReader,
  array: readonly unknown[],
  path: string,
  problems: FeatureProblem[],
): string[] {
  const values: string[] = [];
  for (let row = 0; row < array.length && problems.length < maxProblems; row++) {
    const value = read(array[row]);
    if (value === undefined) problems.push(typeProblem(`${path}[${row}]`, expected, array[row]));
    else values.push(value);
  }
  return values;
}

/** Join keys that are lacking, and names that are none. */
function nameProblems(joinKeys: readonly JoinKey[], given: Readonly<Record<string, unknown>>): FeatureProblem[] {
  const names = joinKeys.map(({ name }) => name);
  const missing = names
    .filter((name) => !Object.hasOwn(given, name))
    .map(
      (name): FeatureProblem => ({
        path: memberPath("entities", name),
        problem: "missing",
        expected: "the join key of each row",
        received: "nothing",
      }),
    );
  const unknown = Object.keys(given)
    .filter((name) => !names.includes(name))
    .slice(0, maxProblems)
    .map(
      (name): FeatureProblem => ({
        path: memberPath("entities", name),
        problem: "unknown",
        expected: `a join key of the model: ${names.join(", ")}`,
        received: `the name ${JSON.stringify(shorten(name))}`,
      }),
    );
  return [...missing, ...unknown];
}

function typeProblem(path: string, expected: string, received: unknown): FeatureProblem {
  return { path, problem: "type", expected, received: describe(received) };
}
