import { parseArgs } from "node:util";
import { clientToken } from "./client-token.ts";
import { readExpectation } from "./read-expectation.ts";
import { catchEndSignals, endBy } from "./signals.ts";
import { lookUpEndpoints, verifyAll } from "./verify-all.ts";
import { readVerifySettings, type VerifySettings, verifyUsage } from "./verify-settings.ts";

/** Bytes. A termination message that falls back to the log is its last 2048 bytes (kubernetes, pod lifecycle). */
const longestMessage = 2000;

catchEndSignals();
endBy(() => process.exit(143));
const settings = readCommandLine();
if (settings) await verify(settings);

async function verify({ host, port, expectationFile, timeoutMs }: VerifySettings): Promise<void> {
  try {
    const expectation = await readExpectation(expectationFile);
    const resolve = () => lookUpEndpoints(host, port);
    const token = () => clientToken(process.env);
    const proven = await verifyAll({ resolve, expectation, token, timeoutMs });
    const { modelName, modelVersion, sha256, golden } = expectation;
    const by = golden
      ? `sha256 ${sha256} and ${golden.rows.length} golden rows`
      : `sha256 ${sha256} (no golden sample)`;
    process.stdout.write(`${proven.length} serve version ${modelVersion} of ${modelName}, proven by ${by}\n`);
  } catch (error) {
    fail(`${host}:${port}: ${(error as Error).message}`, 1);
  }
}

/** @returns undefined where there is nothing to verify: help was asked for, or the settings are wrong. */
function readCommandLine(): VerifySettings | undefined {
  try {
    const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
    if (!values.help) return readVerifySettings(process.env);
    process.stdout.write(verifyUsage);
  } catch (error) {
    fail(`${(error as Error).message}. See --help.`, 2);
  }
  return undefined;
}

function fail(message: string, status: number): void {
  const line = message.replaceAll(/\s+/g, " ");
  process.stderr.write(`${Buffer.from(line).subarray(0, longestMessage).toString("utf8")}\n`);
  process.exitCode = status;
}
