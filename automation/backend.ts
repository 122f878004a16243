import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { home } from "./pulumi-cli/folders.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Pulumi keeps a project's state. */
export interface Backend {
  readonly url: string;
  /** Folder of the state, where the backend is the project's own rather than one that the user chose. */
  readonly folder?: string;
}

/**
 * The backend that the user has chosen, by `PULUMI_BACKEND_URL`, an access token, Pulumi.yaml or `pulumi login`; otherwise a
 * folder inside the project.
 */
export function findBackend(project: string, env: Environment): Backend {
  const chosen = env.PULUMI_BACKEND_URL || projectBackend(project) || loggedIn(env);
  if (chosen) return { url: chosen };
  const folder = join(project, ".pulumi-state");
  return { url: pathToFileURL(folder).href, folder };
}

/** A stack's own name, without the `organization/` or `organization/project/` that may come before it. */
export function shortName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

/** File of a stack in a backend folder, which exists where the stack does. */
export function stackFile(folder: string, projectName: string, stack: string): string {
  return join(folder, ".pulumi", "stacks", projectName, `${shortName(stack)}.json`);
}

/** Name of the project in Pulumi.yaml. */
export function projectName(project: string): string {
  return projectSettings(project).name;
}

function projectBackend(project: string): string | undefined {
  return projectSettings(project).backend?.url;
}

function projectSettings(project: string): { name: string; backend?: { url?: string } } {
  const file = join(project, "Pulumi.yaml");
  if (!existsSync(file)) throw new Error(`${project} is no Pulumi project: it has no Pulumi.yaml`);
  return parse(readFileSync(file, "utf8"));
}

function loggedIn(env: Environment): string | undefined {
  const folder = env.PULUMI_CREDENTIALS_PATH || env.PULUMI_HOME || join(home(env), ".pulumi");
  const file = join(folder, "credentials.json");
  const current = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).current : undefined;
  return current || (env.PULUMI_ACCESS_TOKEN ? "https://api.pulumi.com" : undefined);
}
