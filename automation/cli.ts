import { type CliOptions, exitCodes, help, parseOptions } from "./cli/options.ts";
import { Reporter } from "./cli/reporter.ts";
import { summarize } from "./cli/summary.ts";
import type { DeployError } from "./deploy-error.ts";
import { assertCompatible } from "./deploy-options.ts";

// npm run deploy -- …: the command line of deploy().

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: CliOptions;
  try {
    options = parseOptions(args);
    assertCompatible(options.deploy);
  } catch (error) {
    const message = (error as Error).message.replace(/\bskip([A-Z])/g, (_, first) => `--skip-${first.toLowerCase()}`);
    console.error(`${message}\n\nnpm run deploy -- --help lists the options`);
    return exitCodes.usage;
  }
  if (options.help) {
    console.log(help);
    return exitCodes.done;
  }
  return run(options);
}

async function run({ deploy: options, json }: CliOptions): Promise<number> {
  const reporter = new Reporter(json ? process.stderr : process.stdout, options.preview === true);
  const interrupt = interruptible((line) => reporter.print(line));
  const { deploy } = await import("./deploy.ts");
  try {
    const result = await deploy({ ...options, ...interrupt, onEvent: reporter.report });
    reporter.close();
    console.log(json ? JSON.stringify(result) : `\n${summarize(result)}`);
    return exitCodes.done;
  } catch (error) {
    reporter.close();
    const { message, reasons = [message], cancelled = false } = error as DeployError;
    if (json) console.log(JSON.stringify({ stack: options.stack, error: message, reasons, cancelled }));
    console.error(`${cancelled ? "" : "error: "}${message}`);
    return cancelled ? interrupt.exitCode() : exitCodes.failed;
  }
}

/** npm hands on the Ctrl-C that the terminal has already delivered: what comes that soon is the same one. */
const sameSignalMs = 1_000;

/** Signals that stop a deployment: the first when the running steps have stopped, the second at once. */
function interruptible(print: (line: string) => void) {
  const first = new AbortController();
  const second = new AbortController();
  let at = 0;
  let code: number = exitCodes.interrupted;
  const on = (name: NodeJS.Signals) => {
    if (first.signal.aborted && Date.now() - at < sameSignalMs) return;
    if (first.signal.aborted) return second.abort();
    at = Date.now();
    code = name === "SIGINT" ? exitCodes.interrupted : exitCodes.terminated;
    print("Stopping when the running steps have stopped. Again to stop at once.");
    first.abort();
  };
  process.on("SIGINT", on).on("SIGTERM", on);
  return { signal: first.signal, terminate: second.signal, exitCode: () => code };
}
