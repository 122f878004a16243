import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeployEvent, type DeployOptions, type DeployResult, deploy } from "../../automation/deploy.ts";
import { prepareWorkspace } from "../../automation/workspace.ts";

const root = join(import.meta.dirname, "..", "..");

/** A copy of the toy program, with the pipeline's shape and without its work, in a folder of its own. */
export class ToyProject {
  readonly folder: string;
  /** What the deployments told, in order. */
  readonly events: DeployEvent[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<ToyProject> {
    const folder = await mkdtemp(join(tmpdir(), "toy-"));
    await cp(join(import.meta.dirname, "toy"), folder, { recursive: true });
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    return new ToyProject(folder);
  }

  deploy(options: DeployOptions = {}): Promise<DeployResult> {
    const onEvent = (event: DeployEvent) => {
      this.events.push(event);
      options.onEvent?.(event);
    };
    return deploy({ project: this.folder, env: userEnvironment(), ...options, onEvent });
  }

  read(file: string): Promise<string> {
    return readFile(join(this.folder, file), "utf8");
  }

  /** Starts the CLI as a bare `pulumi`, outside of deploy. */
  async pulumi(...args: readonly string[]) {
    const options = { project: this.folder, stack: "dev", env: userEnvironment(), onProgress: () => {} };
    const { cli, env } = await prepareWorkspace(options);
    return spawn(cli.file, [...args], { cwd: this.folder, env, stdio: "ignore" });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** This process' environment without what selects a backend, a stack or a passphrase. */
export function userEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PULUMI_|PIPELINE_)/.test(name)));
}
