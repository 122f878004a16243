import { appendFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { registrationFixture } from "../../mlflow/fixture.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { checkResources } from "../../policy/check.ts";
import { StandIns } from "../stand-ins/stand-ins.ts";
import { TestProject } from "./test-project.ts";

const account = { awsAccountId: "123456789012" };

/** A prod stack in a copy of the project, run by the real engine against providers in memory. */
export class ProdStack {
  readonly project: TestProject;
  readonly standIns: StandIns;
  readonly #shared: boolean;

  private constructor(project: TestProject, standIns: StandIns, shared: boolean) {
    this.project = project;
    this.standIns = standIns;
    this.#shared = shared;
  }

  /** Makes one that isn't deployed yet. MLflow holds a version for each roc_auc, numbered from 1. */
  static async make(
    config: Readonly<Record<string, string>> = {},
    rocAucs: readonly number[] = [0.8, 0.75],
  ): Promise<ProdStack> {
    const standIns = await StandIns.start({ docker: "memory", kubernetes: "memory" });
    const stack = new ProdStack(await makeProject(standIns, config), standIns, false);
    for (const rocAuc of rocAucs) await stack.register(rocAuc);
    return stack;
  }

  /** One on another machine: the same account and the same cluster, another state. */
  async another(config: Readonly<Record<string, string>>): Promise<ProdStack> {
    const stack = new ProdStack(await makeProject(this.standIns, config), this.standIns, true);
    await stack.register(0.8);
    return stack;
  }

  /** Registers another version. */
  async register(rocAuc: number): Promise<void> {
    const store = openStore(join(this.project.folder, "mlruns"));
    await store.logAndRegister(registrationFixture({ metrics: { roc_auc: rocAuc } }));
  }

  /** Changes a file of the project. */
  async append(file: string, text: string): Promise<void> {
    await appendFile(join(this.project.folder, file), text);
  }

  /** `pulumi up`; gives what changed, sorted. */
  up(): Promise<string[]> {
    return this.changes(() => this.project.up());
  }

  /** What the stand-ins change while `work` runs, as `create kubernetes:batch/v1:Job`, sorted. */
  async changes(work: () => Promise<unknown>): Promise<string[]> {
    this.standIns.calls.clear();
    await work();
    const changed = this.standIns.calls.changes().map((change) => change.split(" ").slice(0, 2).join(" "));
    return changed.sort();
  }

  /** What the policy says against any of the resources that the program last registered. */
  violations(): string[] {
    const resources = this.standIns.registered().map(({ type, name, wire }) => ({ type, name, properties: wire }));
    return checkResources(resources).map(({ message }) => message);
  }

  /** Removes the project's folder, and ends the stand-ins unless they are another's; nothing else runs or remains. */
  async remove(): Promise<void> {
    await rm(this.project.folder, { recursive: true, force: true });
    if (!this.#shared) this.standIns.stop();
  }
}

async function makeProject(standIns: StandIns, config: Readonly<Record<string, string>>): Promise<TestProject> {
  const settings = { mlflowTrackingUri: "mlruns", modelVersion: "1", monitoring: "on", ...account, ...config };
  // A passphrase of its own: with the empty one, a stack that keeps a secret isn't deployed.
  const env = { ...standIns.env, PULUMI_CONFIG_PASSPHRASE: "of the tests" };
  const project = await TestProject.make(settings, { stack: "prod", env });
  standIns.project = project.folder;
  return project;
}
