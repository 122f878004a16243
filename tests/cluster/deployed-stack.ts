import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { KubeConfig } from "@kubernetes/client-node";
import { goldenInputs } from "../../inference/golden-request.ts";
import type { GoldenSample } from "../../mlflow/model-folder.ts";
import { TestProject } from "../engine/test-project.ts";
import { type Load, type LoadOptions, startLoad } from "../load.ts";
import { StandIns } from "../stand-ins/stand-ins.ts";
import { needed } from "./needed.ts";

const run = promisify(execFile);

/** The prod stack as it is, on a real cluster with a real builder, registry and MLflow: AWS alone is stood in for. */
export class DeployedStack {
  readonly project: TestProject;
  readonly standIns: StandIns;
  readonly modelName: string;
  readonly namespace: string;
  /** Host name of the stack's route. */
  readonly host: string;
  /** Where the cluster's Ingress controller and Gateway listen. */
  readonly entrance = `http://${needed("NODE_IP")}`;

  private constructor(id: string, standIns: StandIns, project: TestProject) {
    this.modelName = `churn_${id}`;
    this.namespace = `ml-inference-${id}`;
    this.host = `ml-${id}.test`;
    this.standIns = standIns;
    this.project = project;
  }

  /** A stack that nothing is deployed of yet, with a namespace, a host name and a registered model of its own. */
  static async make(config: Readonly<Record<string, string>> = {}): Promise<DeployedStack> {
    const id = randomBytes(4).toString("hex");
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromDefault();
    const standIns = await StandIns.start({
      docker: "real",
      kubernetes: "real",
      registry: needed("REGISTRY"),
      build: { network: process.env.DOCKER_BUILD_NETWORK ?? "default" },
    });
    const project = await TestProject.make({}, { stack: "prod", env: standIns.env });
    standIns.project = project.folder;
    const stack = new DeployedStack(id, standIns, project);
    const { namespace, host: routeHost, modelName } = stack;
    const kubeContext = kubeConfig.getCurrentContext();
    const own = { kubeContext, namespace, routeHost, modelName, identity: "none", tls: "none", modelVersion: "1" };
    await project.configure({ ...own, ...config });
    return stack;
  }

  /** Trains a version on the sample, and registers it. */
  async train(...flags: readonly string[]): Promise<void> {
    const to = ["--model", this.modelName, "--tracking-uri", needed("MLFLOW_TRACKING_URI")];
    const args = [...to, "--test-from", "1998-03-15", ...flags];
    const { status, output } = await this.project.node("trainer/cli/train.ts", ...args);
    if (status !== 0) throw new Error(output);
  }

  /** Requests from outside, by the stack's host name. @param body - default the rows of the golden sample. */
  async load(options: LoadOptions & { readonly body?: object } = {}): Promise<Load> {
    const { body = goldenInputs(await this.golden()) } = options;
    return startLoad(this.entrance, body, { clients: 8, host: this.host, ...options });
  }

  /** The versions that answer from outside. @throws Error where a request fails. */
  async served(): Promise<string> {
    const load = await this.load({ clients: 1 });
    await load.more(20);
    const { failures, versions } = await load.stop();
    if (failures.length > 0) throw new Error(failures[0]);
    return Object.keys(versions).sort().join(" and ");
  }

  /** What the stack proves its service by. */
  async golden(): Promise<GoldenSample> {
    const [model] = (await this.project.stateOf("TrainedModel")) as [{ goldenSample: GoldenSample }];
    return model.goldenSample;
  }

  /** Runs kubectl in the stack's namespace, and returns what it printed. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return (await run("kubectl", ["--namespace", this.namespace, ...args], { maxBuffer: 2 ** 26 })).stdout;
  }

  /** An object, or the list of all of a kind, as the cluster has it. */
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind
  async get(...what: readonly string[]): Promise<any> {
    return JSON.parse(await this.kubectl("get", ...what, "--output=json"));
  }

  /** Names of the serving pods that aren't going. */
  async pods(): Promise<string[]> {
    const { items } = await this.get("pods", "--selector=app=ml-inference");
    return (items as { metadata: { name: string; deletionTimestamp?: string } }[])
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map(({ metadata }) => metadata.name);
  }

  /** Resolves once a question is answered with yes. @throws Error after so many seconds. */
  async until(what: string, seconds: number, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!(await isSo())) if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
  }

  /** @throws Error where something of the stack stays in the cluster. */
  async remove(): Promise<void> {
    const { status, output } = await this.project.remove();
    this.standIns.stop();
    if (status !== 0) throw new Error(output);
  }
}
