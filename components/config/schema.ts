import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** One key of the stack's config, as Pulumi.yaml declares it. */
export interface ConfigKey {
  readonly type: "string" | "integer" | "boolean";
  readonly default: string | number | boolean;
  readonly description: string;
}

/** What Pulumi.yaml declares under `config`: every key with its type, default and description. */
export function readConfigSchema(projectFile: string): ReadonlyMap<string, ConfigKey> {
  const project = parse(readFileSync(projectFile, "utf8"));
  return new Map(Object.entries(project.config as Record<string, ConfigKey>));
}

/**
 * The keys that a stack's own config file sets, without the project's name, and whether each is sealed there.
 *
 * The engine hands the program defaults and settings alike; only the file tells them apart, and a default yields to the
 * environment where a setting doesn't.
 *
 * @param stackFile `Pulumi.<stack>.yaml`; a missing one sets nothing.
 * @param project Name of the project: keys of other namespaces, as a provider's, are none of ours.
 */
export function readStackKeys(stackFile: string, project: string): ReadonlyMap<string, "sealed" | "plain"> {
  let text: string;
  try {
    text = readFileSync(stackFile, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
  const settings = Object.entries<unknown>(parse(text)?.config ?? {});
  const prefix = `${project}:`;
  const own = settings.filter(([key]) => key.startsWith(prefix));
  return new Map(own.map(([key, value]) => [key.slice(prefix.length), isSealed(value) ? "sealed" : "plain"]));
}

function isSealed(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}
