import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, parseDocument } from "yaml";
import type { ConfigKey } from "../components/config/schema.ts";

// npm run docs writes the tables of docs/configuration.md anew out of Pulumi.yaml.

/** The page that shows the tables. */
export const page = join(import.meta.dirname, "configuration.md");

const projectFile = join(import.meta.dirname, "../Pulumi.yaml");
const [begin, end] = ["<!-- out of Pulumi.yaml: npm run docs -->\n", "<!-- end -->\n"];

/**
 * A table a group of keys, in Pulumi.yaml's order; the last sentence of the comment above a group's first key is its heading.
 *
 * @throws Error where Pulumi.yaml has something else under config.
 */
export function configurationTables(): string {
  const config = parseDocument(readFileSync(projectFile, "utf8")).get("config", true);
  if (!isMap(config)) throw new Error(`${projectFile}: expected a map of keys under config`);
  let heading = config.commentBefore;
  const lines: string[] = [];
  for (const { key, value } of config.items) {
    if (!isScalar(key) || !isMap(value))
      throw new Error(`${projectFile}: expected a key with its description, got ${key}`);
    heading = key.commentBefore ?? heading;
    if (heading)
      lines.push("", `### ${heading.split(". ").at(-1)!.trim()}`, "", "| Key | Default | |", "|---|---|---|");
    heading = undefined;
    lines.push(row(String(key.value), value.toJSON() as ConfigKey));
  }
  return `${lines.join("\n")}\n\n`;
}

function row(name: string, { default: fallback, description }: ConfigKey): string {
  const text = fallback === "" ? "" : `\`${fallback}\``;
  return `| \`${name}\` | ${text} | ${description.replaceAll("|", "\\|")} |`;
}

/** The page's text with these tables in it. @throws Error where the page has no place for them. */
export function withTables(text: string, tables: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page}: expected a place between ${begin.trim()} and ${end.trim()}`);
  return text.slice(0, from + begin.length) + tables + text.slice(to);
}

if (import.meta.main) writeFileSync(page, withTables(readFileSync(page, "utf8"), configurationTables()));
