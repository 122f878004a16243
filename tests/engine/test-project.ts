import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { cp, mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import type { DeployResult } from "../../automation/deploy.ts";
import { programOf } from "../../automation/processes.ts";
import { readRecord, type SupervisorRecord } from "../../components/local/run-files.ts";
import { openStore } from "../../mlflow/open-store.ts";
import type { ModelVersion } from "../../mlflow/store.ts";
import { freePort } from "../free-port.ts";

const root = join(import.meta.dirname, "..", "..");
/** What a run leaves behind, or a clone doesn't have. */
const notCopied = new Set(["node_modules", ".git", ".pulumi-state", ".serving", "mlruns", "__pycache__"]);

/** What a command printed and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly output: string;
}

/** Settings of {@link TestProject.make}. */
export interface TestProjectOptions {
  /** The stack that the commands are about. @default "dev" */
  readonly stack?: string;
  /** What the commands' environment has beside that of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A resource in a stack's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A copy of this project in a folder of its own, with a user's commands to run in it. */
export class TestProject {
  #folder: string;
  readonly port: number;
  readonly stack: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, port: number, { stack = "dev", env = {} }: TestProjectOptions) {
    this.#folder = folder;
    this.port = port;
    this.stack = stack;
    this.#env = env;
  }

  /** Makes a copy whose stack has these settings; a dev stack also a free port and a small forest. */
  static async make(
    config: Readonly<Record<string, string>> = {},
    options: TestProjectOptions = {},
  ): Promise<TestProject> {
    const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
    const project = new TestProject(folder, await freePort(), options);
    await cp(root, folder, {
      recursive: true,
      filter: (source) => source === root || !notCopied.has(basename(source)),
    });
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    const small = { port: String(project.port), nEstimators: "10", maxDepth: "5" };
    await project.configure({ ...(project.stack === "dev" && small), ...config });
    return project;
  }

  get folder(): string {
    return this.#folder;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Takes down what the stack has, but for what is protected, and removes the folder; tells how the first of both ended. */
  async remove(): Promise<Ended> {
    const flags = ["--yes", "--skip-preview", "--exclude-protected", "--stack", this.stack];
    const destroyed = await this.pulumi("destroy", ...flags);
    endLanguageHosts(this.folder);
    await rm(this.folder, { recursive: true, force: true });
    return destroyed;
  }

  /** Renames the folder, as a user moves a clone. */
  async move(): Promise<void> {
    const moved = `${this.#folder}-moved`;
    await rename(this.#folder, moved);
    this.#folder = moved;
  }

  /** `npm run pulumi -- …` */
  pulumi(...args: readonly string[]): Promise<Ended> {
    return this.node("automation/pulumi.ts", ...args);
  }

  /** Sets keys of the stack's config. */
  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(settings).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    if (pairs.length > 0) succeeded(await this.pulumi("config", "set-all", ...pairs, "--stack", this.stack));
  }

  /** `pulumi up` as users run it, with the preview of its own, which must succeed; gives what it printed. */
  async previewedUp(): Promise<string> {
    return succeeded(await this.pulumi("up", "--yes", "--stack", this.stack)).output;
  }

  /** `pulumi up` without that preview, which would double its time. */
  async up(): Promise<string> {
    return succeeded(await this.#up()).output;
  }

  /** The same, which must fail; gives what it printed. */
  async failingUp(): Promise<string> {
    const { status, output } = await this.#up();
    if (status === 0) throw new Error(`expected up to fail, but it succeeded:\n${output}`);
    return output;
  }

  #up(): Promise<Ended> {
    return this.pulumi("up", "--yes", "--skip-preview", "--stack", this.stack);
  }

  async preview(): Promise<string> {
    return succeeded(await this.pulumi("preview", "--stack", this.stack)).output;
  }

  /** `npm run deploy -- …`, which must succeed. */
  async deploy(...flags: readonly string[]): Promise<DeployResult> {
    return JSON.parse(succeeded(await this.#deploy(flags)).stdout);
  }

  /** `npm run deploy -- …`, which must fail; gives its reasons. */
  async failingDeploy(...flags: readonly string[]): Promise<readonly string[]> {
    const { status, stdout, output } = await this.#deploy(flags);
    if (status === 0) throw new Error(`expected deploy to fail, but it succeeded:\n${output}`);
    return JSON.parse(stdout).reasons;
  }

  #deploy(flags: readonly string[]): Promise<Ended> {
    return this.node("automation/cli.ts", "--json", "--stack", this.stack, ...flags);
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(succeeded(await this.pulumi("stack", "output", "--json", "--stack", this.stack)).stdout);
  }

  /** The stack's resources as its state has them: secrets are sealed. */
  async resources(): Promise<readonly StateResource[]> {
    const { stdout } = succeeded(await this.pulumi("stack", "export", "--stack", this.stack));
    return JSON.parse(stdout).deployment.resources ?? [];
  }

  /** Outputs of the stack's resources of a type, named by its last part. */
  async stateOf(kind: string): Promise<unknown[]> {
    const resources = await this.resources();
    return resources.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ outputs }) => outputs);
  }

  /** A JSON answer of the service. */
  async get(path: string): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.endpoint}${path}`, { headers: { connection: "close" } });
    return (await response.json()) as Record<string, unknown>;
  }

  /** Registered versions, highest first. */
  versions(): Promise<ModelVersion[]> {
    return openStore(join(this.folder, "mlruns")).listVersions("churn_predictor_feast");
  }

  /** Folder of a version's model in the file store. */
  async modelFolder(version: string): Promise<string> {
    const { source } = (await this.versions()).find((found) => found.version === version)!;
    const id = source.slice("models:/".length);
    const [experiment] = await readdir(join(this.folder, "mlruns")).then((all) =>
      all.filter((name) => /^\d{2,}$/.test(name)),
    );
    return join(this.folder, "mlruns", experiment!, "models", id, "artifacts");
  }

  /** What the local server's supervisor wrote of itself. */
  supervisor(): SupervisorRecord {
    return readRecord(join(this.folder, ".serving", "dev"))!;
  }

  /** Runs a script of the project on the Node that runs the tests. */
  node(script: string, ...args: readonly string[]): Promise<Ended> {
    return ended(this.spawn(script, ...args));
  }

  /** Starts a script of the project, in a process group of its own; the environment has no settings of a user's own. */
  spawn(script: string, ...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
    const settings = /^(PULUMI_|MLFLOW_|MODEL_|EXPERIMENT_NAME|FEAST_|PORT$|PIPELINE_)/;
    const own = Object.entries(process.env).filter(([name]) => !settings.test(name));
    const env = { ...Object.fromEntries(own), ...this.#env };
    return spawn(process.execPath, [script, ...args], {
      cwd: this.folder,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}

/** Ends the engine's language hosts that work in a folder: one stays behind where a test has killed its engine. */
function endLanguageHosts(folder: string): void {
  if (process.platform !== "linux") return;
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (Number.isNaN(pid) || !programOf(pid)?.startsWith("pulumi-language")) continue;
    try {
      if (readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) process.kill(pid);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Waits for a command to end. */
export async function ended(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  const printed = { stdout: "", stderr: "", output: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text) => {
      printed[stream] += text;
      printed.output += text;
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { status, ...printed };
}

/** @throws Error with what was printed, where the command failed. */
function succeeded(result: Ended): Ended {
  if (result.status !== 0) throw new Error(`ended with ${result.status}:\n${result.output}`);
  return result;
}
