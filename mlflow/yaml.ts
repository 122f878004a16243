import { parse } from "yaml";
import { MlflowError } from "./error.ts";

/** What MLflow's YAML files are made of. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | YamlMapping;
export interface YamlMapping {
  readonly [key: string]: YamlValue;
}

/** Texts that YAML 1.1 takes for nothing else, unquoted: words, paths, URIs. */
const plain = /^[a-z_/][\w./-]*(:\/[\w./-]*)?$/i;
const reserved = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** What PyYAML takes for the end of a line or doesn't take at all, even in quotes. */
const unprintable = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * YAML as PyYAML's safe_dump prints it, keys in order and in block style. Whatever PyYAML, by the rules of YAML 1.1, might
 * take for something else than a text, such as `yes`, `1:30` or `<<`, is quoted; the `yaml` package, which quotes by
 * those rules too, leaves `<<` and the line breaks of Unicode as they are.
 */
export function toYaml(mapping: YamlMapping): string {
  return `${block(mapping, "").trimStart()}\n`;
}

/** A value as it follows `key:` or `-`: on the same line, or in a block on the next ones. */
function block(value: YamlValue, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return " []";
    return value.map((item) => `\n${indent}-${block(item, `${indent}  `)}`).join("");
  }
  if (typeof value !== "object" || value === null) return ` ${scalar(value as Exclude<YamlValue, object>)}`;
  const keys = Object.keys(value).sort();
  if (keys.length === 0) return " {}";
  return keys
    .map((key) => {
      const child = (value as YamlMapping)[key] as YamlValue;
      // A list lies at the indentation of its key, as PyYAML prints it.
      return `\n${indent}${scalar(key)}:${block(child, Array.isArray(child) ? indent : `${indent}  `)}`;
    })
    .join("");
}

function scalar(value: string | number | boolean | null): string {
  // PyYAML takes 1e-7 for a text, and 1.0e-7 for a number.
  if (typeof value !== "string") return String(value).replace(/^(-?\d+)e/, "$1.0e");
  if (plain.test(value) && !reserved.test(value)) return value;
  return JSON.stringify(value).replace(unprintable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Reads a YAML mapping.
 *
 * @returns undefined for an empty text, as another process may be writing it.
 * @throws MlflowError naming `where`.
 */
export function fromYaml(text: string, where: string): YamlMapping | undefined {
  let value: unknown;
  try {
    value = parse(text, { version: "1.1", logLevel: "error" });
  } catch (cause) {
    throw new MlflowError(`${where}: expected YAML, got ${JSON.stringify(text.slice(0, 60))}`, { cause });
  }
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "object" || Array.isArray(value))
    throw new MlflowError(`${where}: expected a YAML mapping, got ${JSON.stringify(text.slice(0, 60))}`);
  return value as YamlMapping;
}
