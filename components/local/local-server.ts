import { type CustomResourceOptions, dynamic, type Input, type Output } from "@pulumi/pulumi";
import type { Expectation } from "../../mlflow/expectation.ts";
import { moduleProvider } from "../module-provider.ts";

/** What {@link LocalServer} is told. */
export interface LocalServerArgs {
  /** The model to serve, with what proves it. */
  readonly model: Input<Expectation>;
  /** MLflow server, or file store folder relative to the project. */
  readonly mlflowTrackingUri: Input<string>;
  /** Address to listen on. */
  readonly host: Input<string>;
  readonly port: Input<number>;
  /** Of the server's environment. */
  readonly variables: Input<Record<string, string>>;
  /** File of bearer tokens, relative to the project; empty for none. */
  readonly authTokensFile: Input<string>;
  /** Folder of the server's log and run files, relative to the project. */
  readonly runFolder: Input<string>;
  /** Folder of the project whose code serves. */
  readonly project: Input<string>;
  /** Digest of that code. */
  readonly code: Input<string>;
}

/** {@link LocalServerArgs} as the provider sees them. */
export interface LocalServerInputs {
  readonly model: Expectation;
  readonly mlflowTrackingUri: string;
  readonly host: string;
  readonly port: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly authTokensFile: string;
  readonly runFolder: string;
  readonly project: string;
  readonly code: string;
}

/** The inputs, and what runs. */
export interface LocalServerOutputs extends LocalServerInputs {
  readonly endpoint: string;
  /** When the serving instance took over, ISO 8601. */
  readonly deployedAt: string;
  /** Version and SHA-256 that serve, or `nothing`. */
  readonly serving: string;
}

/**
 * The inference service on this machine, in the background, under a supervisor.
 *
 * | | |
 * |---|---|
 * | create | starts the supervisor with an instance of the model; none stays where the instance can't prove itself |
 * | update | proves a new instance away from the public port, then switches without a failed request; else the old one stays; where no supervisor answers, as create |
 * | diff | compares model, address, settings, code, and what really serves |
 * | read | gone, once the supervisor no longer runs |
 * | delete | stops it |
 */
export class LocalServer extends dynamic.Resource {
  declare readonly endpoint: Output<string>;
  declare readonly deployedAt: Output<string>;

  constructor(name: string, args: LocalServerArgs, options?: CustomResourceOptions) {
    const outputs = { endpoint: undefined, deployedAt: undefined, serving: undefined };
    super(provider, name, { ...args, ...outputs }, options, "pipeline", "LocalServer");
  }
}

const provider = moduleProvider("components/local/local-server-provider.ts");

/** Folder of a stack's local server, relative to the project. */
export function localRunFolder(stack: string): string {
  return `.serving/${stack}`;
}
