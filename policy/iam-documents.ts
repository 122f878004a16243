import { get, isUnknown, listOf } from "./values.ts";

/** A statement of an IAM policy document, and where it is. */
export interface Statement {
  /** As `policy.Statement[0]`. */
  readonly path: string;
  readonly statement: unknown;
}

/**
 * The statements that a policy document allows something by.
 *
 * @param document - JSON text or an object, as the AWS provider takes both; what is neither has no statements.
 */
export function allowing(path: string, document: unknown): Statement[] {
  const content = typeof document === "string" ? parsed(document) : document;
  const stated = get(content, "Statement");
  const single = !Array.isArray(stated);
  return (single ? [stated] : listOf(stated))
    .map((statement, index) => ({ path: `${path}.Statement${single ? "" : `[${index}]`}`, statement }))
    .filter(({ statement }) => get(statement, "Effect") === "Allow");
}

/** A field that is one string or a list of them. */
export function strings(value: unknown): string[] {
  return (Array.isArray(value) ? listOf(value) : [value]).filter(
    (element): element is string => typeof element === "string" && !isUnknown(element),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
