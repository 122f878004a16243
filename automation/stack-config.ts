import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { shortName } from "./backend.ts";

/** A stack's config file. */
export function configFile(project: string, stack: string): string {
  return join(project, `Pulumi.${shortName(stack)}.yaml`);
}

/** Text of a stack's config file; a missing one is empty. */
function configText(project: string, stack: string): string {
  const file = configFile(project, stack);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Names of the stacks that the project has a config file for. */
export function configuredStacks(project: string): string[] {
  const names = readdirSync(project).map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** The salt in a stack's config file that its secrets are sealed with. */
export function encryptionSalt(project: string, stack: string): string | undefined {
  return /^encryptionsalt:\s*(\S+)/m.exec(configText(project, stack))?.[1];
}

/** What a stack's config file says about its secrets. */
export interface StackSecrets {
  /** Keys that hold a secret, or have to with `identity: secret`, without the project's name. */
  readonly keys: readonly string[];
  /** What seals them, as `awskms://…`; undefined is the backend's own way, which of a folder or bucket is a passphrase. */
  readonly provider: string | undefined;
}

/** Reads what is secret in a stack's config file; a file that Pulumi can't read holds nothing. */
export function stackSecrets(project: string, stack: string): StackSecrets {
  const { config, secretsprovider } = parseConfig(configText(project, stack));
  const keys = Object.entries(config ?? {}).flatMap(([key, value]) => {
    if (key.endsWith(":identity") && value === "secret") return ["awsAccessKeyId", "awsSecretAccessKey"];
    return isSealed(value) ? [key.slice(key.indexOf(":") + 1)] : [];
  });
  return { keys: [...new Set(keys)], provider: secretsprovider || undefined };
}

/** Where a stack's config file says that it serves; undefined where it leaves that to the default. */
export function stackTarget(project: string, stack: string): unknown {
  const { config = {} } = parseConfig(configText(project, stack));
  return Object.entries(config).find(([key]) => key.endsWith(":target"))?.[1];
}

interface ConfigFile {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly secretsprovider?: string;
}

function parseConfig(text: string): ConfigFile {
  try {
    return parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Whether a value is `{ secure: … }`, or has one in it. */
function isSealed(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { secure } = value as { secure?: unknown };
  return typeof secure === "string" || Object.values(value).some(isSealed);
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
