import type { Resource, Rule } from "./rule.ts";
import { rules } from "./rules.ts";

/** A rule that a resource breaks. */
export interface Violation {
  readonly rule: string;
  readonly enforcement: Rule["enforcement"];
  readonly type: string;
  readonly name: string;
  /** With the path of the property, what was expected and what came. */
  readonly problem: string;
  /** All of it in one line, for people. */
  readonly message: string;
}

/** Every violation of every rule by any of the resources; rules pass over types that they say nothing of. */
export function checkResources(resources: Iterable<Resource>): Violation[] {
  return [...resources].flatMap((resource) =>
    rules.flatMap((rule) => rule.check(resource).map((problem) => violation(rule, resource, problem))),
  );
}

function violation({ name: rule, enforcement }: Rule, { type, name }: Resource, problem: string): Violation {
  return { rule, enforcement, type, name, problem, message: `[${enforcement}] ${rule}: ${name} (${type}): ${problem}` };
}
