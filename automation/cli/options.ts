import { parseArgs } from "node:util";
import type { DeployOptions } from "../deploy-options.ts";

/** Exit codes of `npm run deploy`. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

export const help = `Trains, registers, serves and proves the model: brings a stack to what its config says.

Usage: npm run deploy -- [options]

  --stack NAME    the stack (default: dev)
  --preview       say what would change, and change nothing
  --skip-train    train nothing: latest is the version that the stack has, or on a new stack the highest registered one
  --skip-build    build no image: it is the one that the stack has, or on a new stack the one that is pushed already
  --skip-deploy   leave the service as it is
  --skip-test     don't ask the live service at the end
  --destroy       take the service down and empty the stack; registered models stay, and so does what is protected
  --json          print one JSON result on stdout, and everything else on stderr
  --help          print this

A skipped step leaves untouched what exists. No flag is remembered, and none changes the stack's config file.

Exit codes: ${exitCodes.done} done (also when there was nothing to do), ${exitCodes.failed} failed, ${exitCodes.usage} wrong usage,
${exitCodes.interrupted} interrupted by Ctrl-C (once: stops when the running steps have stopped; twice: at once), ${exitCodes.terminated} by SIGTERM.
The next run goes on from any of them.
`;

/** What the command line asks for. */
export interface CliOptions {
  readonly deploy: DeployOptions;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws TypeError for an unknown flag, a missing value, or an argument that isn't a flag. */
export function parseOptions(args: readonly string[]): CliOptions {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string", default: "dev" },
      preview: flag,
      "skip-train": flag,
      "skip-build": flag,
      "skip-deploy": flag,
      "skip-test": flag,
      destroy: flag,
      json: flag,
      help: { ...flag, short: "h" },
    },
  });
  const { stack, preview, destroy, json, help } = values;
  const deploy = {
    stack,
    preview,
    destroy,
    skipTrain: values["skip-train"],
    skipBuild: values["skip-build"],
    skipDeploy: values["skip-deploy"],
    skipTest: values["skip-test"],
  };
  return { deploy, json, help };
}
