import { type CustomResourceOptions, dynamic, type Input, type Output } from "@pulumi/pulumi";
import type { Expectation } from "../../mlflow/expectation.ts";
import { moduleProvider } from "../module-provider.ts";

/** What {@link Verification} is told. */
export interface VerificationArgs {
  /** Address of the service, as its users reach it. */
  readonly endpoint: Input<string>;
  /** What the stack asked for: version, SHA-256 and golden sample. */
  readonly expectation: Input<Expectation>;
  /** File of the service's bearer tokens, relative to the project; empty where it asks for none. */
  readonly authTokensFile: Input<string>;
  /** When the serving instance took over: another one is another thing to verify. */
  readonly deployedAt: Input<string>;
}

/** {@link VerificationArgs} as the provider sees them. */
export interface VerificationInputs {
  readonly endpoint: string;
  readonly expectation: Expectation;
  readonly authTokensFile: string;
  readonly deployedAt: string;
}

/** The inputs, and what came out. */
export interface VerificationOutputs extends VerificationInputs {
  /** What was proven, in words. */
  readonly proven: string;
}

/** The proof that what serves is what was asked for: creating or updating it asks the live service, and fails where that differs. */
export class Verification extends dynamic.Resource {
  declare readonly proven: Output<string>;

  constructor(name: string, args: VerificationArgs, options?: CustomResourceOptions) {
    super(provider, name, { ...args, proven: undefined }, options, "pipeline", "Verification");
  }
}

const provider = moduleProvider("components/verification/verification-provider.ts");
