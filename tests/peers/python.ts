import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

const ofTests = join(import.meta.dirname, "requirements.txt");

/**
 * The folder of a Python environment with peers: Feast, MLflow and scikit-learn, or what another file requires.
 * It is made once, in the user's cache folder, and named by the requirements' hash, so a change of them makes another.
 *
 * @param requirements - a file as pip reads it.
 * @throws Error when Python 3.10 or later, or a package, is not to be had.
 */
export async function peerEnvironment(requirements: string = ofTests): Promise<string> {
  const hash = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "ml-deployment-pipeline", `peers-${hash}`);
  const finished = join(folder, "finished");
  if (existsSync(finished)) return folder;
  console.error(`making the Python environment of the peers in ${folder}: some minutes, once`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run("python3", ["-m", "venv", folder]);
  const pip = ["-m", "pip", "install", "--quiet", "--requirement", requirements];
  await run(join(folder, "bin", "python"), pip);
  await mkdir(`${finished}.part`);
  await rename(`${finished}.part`, finished);
  return folder;
}

/** The interpreter of {@link peerEnvironment}. */
export async function python(requirements?: string): Promise<string> {
  return join(await peerEnvironment(requirements), "bin", "python");
}

/**
 * Runs a command to its end and gives what it printed.
 *
 * @throws Error with the end of its output when it exits with another status than 0.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${(stderr || stdout).slice(-4000)}`);
  return stdout;
}
