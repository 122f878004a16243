import { mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Backend, findBackend, projectName } from "./backend.ts";
import { assertNode } from "./node-on-path.ts";
import { opensSalt } from "./passphrase.ts";
import { findPulumi } from "./pulumi-cli/find.ts";
import type { PulumiCli } from "./pulumi-cli/inspect.ts";
import { encryptionSalt } from "./stack-config.ts";

/** The folder of this project. */
export const thisProject = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** What a Pulumi command on this project runs with. */
export interface Workspace {
  /** Folder of the project. */
  readonly project: string;
  readonly projectName: string;
  readonly cli: PulumiCli;
  readonly backend: Backend;
  /** The whole environment of the CLI, and so of the program and its dynamic providers. */
  readonly env: Readonly<Record<string, string>>;
}

/** How {@link prepareWorkspace} goes about it. */
export interface WorkspaceOptions {
  readonly project: string;
  /** The stack, whose config file decides about the passphrase. */
  readonly stack: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (doing: string) => void;
}

/**
 * Finds the CLI and the environment that {@link deploy} and `npm run pulumi` share: the project's own Node.js first on PATH, the
 * backend, and a passphrase, so that nothing is asked.
 */
export async function prepareWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { project, stack, env, signal, onProgress } = options;
  const backend = findBackend(project, env);
  const cli = await findPulumi({ env, signal, onProgress });
  const path = [
    join(project, "node_modules", ".bin"),
    join(thisProject, "node_modules", ".bin"),
    dirname(cli.file),
    env.PATH,
  ];
  const PATH = [...new Set(path.filter((folder) => folder))].join(delimiter);
  await assertNode(PATH);
  if (backend.folder) mkdirSync(backend.folder, { recursive: true });
  const settings = {
    PATH,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(backend.folder && { PULUMI_BACKEND_URL: backend.url }),
  };
  const passphrase = await findPassphrase(backend, encryptionSalt(project, stack), env);
  const all = Object.entries({ ...env, ...settings, ...passphrase }).filter(([, value]) => value !== undefined);
  return {
    project,
    projectName: projectName(project),
    cli,
    backend,
    env: Object.fromEntries(all) as Record<string, string>,
  };
}

/** The empty passphrase where it opens the stack, or where nobody has set another and the backend is the project's own. */
async function findPassphrase(backend: Backend, salt: string | undefined, env: WorkspaceOptions["env"]) {
  const empty = { PULUMI_CONFIG_PASSPHRASE: "" };
  const userHas = env.PULUMI_CONFIG_PASSPHRASE !== undefined || !!env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (!userHas && backend.folder) return empty;
  return salt !== undefined && (await opensSalt(salt, "")) ? empty : {};
}
