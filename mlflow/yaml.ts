import { parse, stringify } from "yaml";
import { MlflowError } from "./error.ts";

/**
 * YAML as PyYAML's safe_dump prints it: keys in order, block style. Written and read by the rules of YAML 1.1, PyYAML's,
 * so that texts such as `yes`, `1:30` or `0o7` are quoted where PyYAML would otherwise take them for something else.
 */
export function toYaml(value: Readonly<Record<string, unknown>>): string {
  return stringify(value, {
    version: "1.1",
    sortMapEntries: (a, b) => compareCodePoints(String(a.key), String(b.key)),
    lineWidth: 0,
    indentSeq: false,
    singleQuote: true,
    aliasDuplicateObjects: false,
  });
}

/**
 * Reads a YAML mapping.
 *
 * @returns undefined for an empty text, as another process may be writing it.
 * @throws MlflowError naming `where`.
 */
export function fromYaml(text: string, where: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = parse(text, { version: "1.1", logLevel: "error" });
  } catch (cause) {
    throw new MlflowError(`${where}: expected YAML, got ${JSON.stringify(text.slice(0, 60))}`, { cause });
  }
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "object" || Array.isArray(value))
    throw new MlflowError(`${where}: expected a YAML mapping, got ${JSON.stringify(text.slice(0, 60))}`);
  return value as Record<string, unknown>;
}

function compareCodePoints(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
