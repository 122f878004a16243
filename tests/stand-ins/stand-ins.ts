import { awsProvider } from "./aws/aws-provider.ts";
import { Cloud, type CloudOptions } from "./aws/cloud.ts";
import { CallLog, type Registered } from "./calls.ts";
import { dockerProvider } from "./docker/docker-provider.ts";
import { memoryBuilder } from "./docker/memory-builder.ts";
import { type RealBuilderOptions, realBuilder } from "./docker/real-builder.ts";
import { eksProvider } from "./eks/eks-provider.ts";
import { KubernetesProvider } from "./kubernetes/kubernetes-provider.ts";
import { MemoryApiServer } from "./kubernetes/memory/memory-api-server.ts";
import { realApiServers } from "./kubernetes/real/real-api-server.ts";
import { type Served, serve } from "./rpc/serve.ts";

/** What stands in for what. */
export interface StandInsOptions extends CloudOptions {
  /** Folder of the Pulumi project, which the paths of images are relative to. {@link StandIns.project} sets it later. */
  readonly project?: string;
  /** `real` builds and pushes by the docker command. @default "memory" */
  readonly docker?: "memory" | "real";
  /** `real` applies to the cluster of KUBECONFIG. @default "memory" */
  readonly kubernetes?: "memory" | "real";
  /** For docker: real. */
  readonly build?: Omit<RealBuilderOptions, "env">;
  /** Kinds beside the built-in ones that the memory cluster knows. @default the monitoring, gateway and cert-manager kinds */
  readonly customKinds?: readonly string[];
  /** Environment of docker and of the real cluster. @default this process' */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Providers for aws, eks, docker and kubernetes, to which the real engine attaches. They live in this process, each at a port of
 * its own, so a test sees into them directly and nothing outlives it; their state is kept over any number of updates.
 */
export class StandIns {
  /** For the environment of the Pulumi CLI. */
  readonly env: Readonly<Record<string, string>>;
  /** AWS: what exists, to be seeded and inspected. */
  readonly aws: Cloud;
  /** The cluster in memory. A real one isn't in it. */
  readonly cluster: MemoryApiServer;
  readonly #log: CallLog;
  readonly #served: readonly Served[];
  readonly #project: { folder: string };

  private constructor(parts: {
    aws: Cloud;
    cluster: MemoryApiServer;
    log: CallLog;
    served: Readonly<Record<string, Served>>;
    project: { folder: string };
  }) {
    const { aws, cluster, log, served, project } = parts;
    this.aws = aws;
    this.cluster = cluster;
    this.#log = log;
    this.#served = Object.values(served);
    this.#project = project;
    const ports = Object.entries(served).map(([name, { port }]) => `${name}:${port}`);
    this.env = {
      PULUMI_DEBUG_PROVIDERS: ports.join(","),
      // The engine would look for plugins of what is in the state, though it never starts them.
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  }

  static async start(options: StandInsOptions = {}): Promise<StandIns> {
    const { docker = "memory", kubernetes = "memory", build = {}, env = process.env, customKinds } = options;
    const log = new CallLog();
    const aws = new Cloud(options);
    const cluster = new MemoryApiServer(customKinds);
    const project = { folder: options.project ?? process.cwd() };
    const builder = docker === "real" ? realBuilder({ env, ...build }) : memoryBuilder;
    const connect = kubernetes === "real" ? realApiServers(env) : () => cluster;
    const served = {
      aws: await serve("aws", awsProvider(aws), log),
      eks: await serve("eks", eksProvider(), log),
      docker: await serve("docker", dockerProvider({ project: () => project.folder, cloud: aws, builder }), log),
      kubernetes: await serve("kubernetes", new KubernetesProvider(connect), log),
    };
    return new StandIns({ aws, cluster, log, served, project });
  }

  /** Folder of the project that the engine runs. */
  set project(folder: string) {
    this.#project.folder = folder;
  }

  /** Each resource of these providers as the program last registered it. */
  registered(type?: string): Registered[] {
    return this.#log.registered().filter((resource) => type === undefined || resource.type === type);
  }

  /** What the engine asked for. */
  get calls(): CallLog {
    return this.#log;
  }

  stop(): void {
    for (const { stop } of this.#served) stop();
  }
}
