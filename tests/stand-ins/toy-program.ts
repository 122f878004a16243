import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareWorkspace, type Workspace } from "../../automation/workspace.ts";
import { type Ended, ended } from "../engine/test-project.ts";
import type { StandIns } from "./stand-ins.ts";

const root = join(import.meta.dirname, "..", "..");

/** A copy of a program, by default the toy with resources of all four packages, run by the real engine against stand-ins. */
export class ToyProgram {
  readonly folder: string;
  readonly #workspace: Workspace;
  readonly #standIns: StandIns;
  #wanted: object = {};

  private constructor(folder: string, workspace: Workspace, standIns: StandIns) {
    this.folder = folder;
    this.#workspace = workspace;
    this.#standIns = standIns;
  }

  static async make(standIns: StandIns, source = join(import.meta.dirname, "toy")): Promise<ToyProgram> {
    const folder = await mkdtemp(join(tmpdir(), "stand-ins-"));
    await cp(source, folder, { recursive: true });
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PULUMI_|PIPELINE_)/.test(name)));
    const workspace = await prepareWorkspace({ project: folder, stack: "dev", env, onProgress: () => {} });
    standIns.project = folder;
    const program = new ToyProgram(folder, workspace, standIns);
    await program.pulumi("stack", "init", "dev");
    return program;
  }

  /** What the program is to vary from now on. */
  want(wanted: object): void {
    this.#wanted = wanted;
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(join(this.folder, file), text);
  }

  /** `pulumi up`, with what was asked of the stand-ins only since its start. */
  up(...options: readonly string[]): Promise<Ended> {
    this.#standIns.calls.clear();
    return this.pulumi(
      "up",
      "--yes",
      "--skip-preview",
      ...options,
      "--config",
      `wanted=${JSON.stringify(this.#wanted)}`,
    );
  }

  preview(): Promise<Ended> {
    this.#standIns.calls.clear();
    return this.pulumi("preview", "--config", `wanted=${JSON.stringify(this.#wanted)}`);
  }

  destroy(): Promise<Ended> {
    this.#standIns.calls.clear();
    return this.pulumi("destroy", "--yes", "--skip-preview", "--config", `wanted=${JSON.stringify(this.#wanted)}`);
  }

  pulumi(...args: readonly string[]): Promise<Ended> {
    const { cli, env } = this.#workspace;
    const options = args[0] === "stack" ? args : [...args, "--stack", "dev"];
    const child = spawn(cli.file, [...options, "--non-interactive"], {
      cwd: this.folder,
      env: { ...env, ...this.#standIns.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return ended(child);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
