import { createHash } from "node:crypto";
import type { Properties } from "../rpc/values.ts";
import type { Problem } from "../schema/check.ts";
import type { Cloud } from "./cloud.ts";

/** What the stand-in knows of one resource type beyond its declaration. */
export interface ResourceType {
  /** Inputs whose change replaces the resource. */
  readonly replaceOn: readonly string[];
  /** Input that is made up from the resource's name where it is absent. */
  readonly autoname?: string;
  /** Makes the resource; gives its id and what it has beyond its inputs. */
  readonly create: (cloud: Cloud, inputs: Properties) => { id: string; outputs: Properties };
  /** Changes it in place. @default what `create` says of outputs stays */
  readonly update?: (cloud: Cloud, id: string, inputs: Properties) => Properties;
  readonly delete?: (cloud: Cloud, id: string, inputs: Properties) => void;
  /** Rules that AWS or Terraform's provider checks before anything is made, of the inputs that are known. */
  readonly problems?: (inputs: Properties) => readonly Problem[];
  /** Outputs that a preview of the creation knows already, besides the inputs. @default none */
  readonly known?: (cloud: Cloud, inputs: Properties) => Properties;
}

/** A short hash for ids that look like AWS's. */
export function idOf(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 20);
}

/** What is wrong with a policy document: it must be JSON of the grammar's version with statements. One not known yet passes. */
export function policyProblems(path: string, policy: unknown): Problem[] {
  if (policy === undefined) return [];
  let document: { Version?: unknown; Statement?: unknown };
  try {
    document = typeof policy === "string" ? JSON.parse(policy) : (policy as object);
  } catch (error) {
    return [{ path, reason: `contains an invalid JSON policy: ${(error as Error).message}` }];
  }
  const problems: Problem[] = [];
  if (document.Version !== "2012-10-17")
    problems.push({
      path: `${path}.Version`,
      reason: `expected "2012-10-17", got ${JSON.stringify(document.Version)}`,
    });
  const statements = [document.Statement ?? []].flat() as Record<string, unknown>[];
  if (statements.length === 0) problems.push({ path: `${path}.Statement`, reason: "expected at least one statement" });
  for (const [index, statement] of statements.entries()) {
    const at = `${path}.Statement[${index}]`;
    const keys = [
      "Sid",
      "Effect",
      "Principal",
      "NotPrincipal",
      "Action",
      "NotAction",
      "Resource",
      "NotResource",
      "Condition",
    ];
    const unknown = Object.keys(statement).filter((key) => !keys.includes(key));
    if (unknown.length > 0) problems.push({ path: at, reason: `has unknown members ${unknown.join(", ")}` });
    if (!["Allow", "Deny"].includes(statement.Effect as string))
      problems.push({
        path: `${at}.Effect`,
        reason: `expected Allow or Deny, got ${JSON.stringify(statement.Effect)}`,
      });
    if (statement.Action === undefined && statement.NotAction === undefined)
      problems.push({ path: `${at}.Action`, reason: "is required" });
    if (statement.Sid !== undefined && !/^[0-9A-Za-z]*$/.test(String(statement.Sid)))
      problems.push({
        path: `${at}.Sid`,
        reason: `expected letters and digits only, got ${JSON.stringify(statement.Sid)}`,
      });
  }
  return problems;
}

/** A problem where a text doesn't match. */
export function patternProblem(path: string, value: unknown, pattern: RegExp, expected: string): Problem[] {
  return typeof value === "string" && !pattern.test(value)
    ? [{ path, reason: `expected ${expected}, got ${JSON.stringify(value)}` }]
    : [];
}

/** A problem where a value isn't one of those given. */
export function choiceProblem(path: string, value: unknown, choices: readonly string[]): Problem[] {
  if (value === undefined || choices.includes(value as string)) return [];
  return [{ path, reason: `expected one of ${choices.join(", ")}, got ${JSON.stringify(value)}` }];
}
