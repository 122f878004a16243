import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { shortName } from "./backend.ts";

/** A stack's config file. */
export function configFile(project: string, stack: string): string {
  return join(project, `Pulumi.${shortName(stack)}.yaml`);
}

/** Names of the stacks that the project has a config file for. */
export function configuredStacks(project: string): string[] {
  const names = readdirSync(project).map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** The salt in a stack's config file that its secrets are sealed with. */
export function encryptionSalt(project: string, stack: string): string | undefined {
  const file = configFile(project, stack);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return /^encryptionsalt:\s*(\S+)/m.exec(text)?.[1];
}

/**
 * Does something that may make Pulumi add an `encryptionsalt` to stacks' config files, which it does wherever one is missing,
 * and takes that salt out again: no secret was sealed with it. A file that changed in any other way stays as it has become.
 */
export async function withoutNewSalts<T>(project: string, work: () => Promise<T>): Promise<T> {
  const files = configuredStacks(project).map((stack) => configFile(project, stack));
  const before = files.map((file) => readFileSync(file, "utf8"));
  try {
    return await work();
  } finally {
    for (const [index, file] of files.entries()) {
      const text = before[index]!;
      if (existsSync(file) && onlySaltAdded(text, readFileSync(file, "utf8"))) writeFileSync(file, text);
    }
  }
}

function onlySaltAdded(before: string, after: string): boolean {
  if (before === after) return false;
  try {
    const { encryptionsalt, ...rest } = parse(after) ?? {};
    return encryptionsalt !== undefined && isDeepStrictEqual(rest, parse(before) ?? {});
  } catch {
    return false;
  }
}
