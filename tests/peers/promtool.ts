import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "./python.ts";

/**
 * Has Prometheus' own `promtool check metrics` read an exposition.
 *
 * @returns what it finds, a line each; none where all is well.
 * @throws Error where promtool isn't to be had.
 */
export async function checkMetrics(exposition: string): Promise<string[]> {
  found ??= promtool();
  const child = spawn(await found, ["check", "metrics"], { stdio: ["pipe", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      printed += chunk;
    });
  child.stdin.end(exposition);
  const status = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const findings = printed.split("\n").filter((line) => line !== "");
  return status === 0 || findings.length > 0 ? findings : [`promtool ended with ${status}`];
}

let found: Promise<string> | undefined;

/** The one of Debian's package `prometheus`, unpacked once into the user's cache folder. */
async function promtool(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ml-deployment-pipeline");
  const folder = join(cache, "prometheus");
  const file = join(folder, "usr/bin/promtool");
  if (existsSync(file)) return file;
  await mkdir(cache, { recursive: true });
  const part = await mkdtemp(join(cache, "prometheus-"));
  try {
    await download(part);
    const [deb] = (await readdir(part)).filter((name) => name.endsWith(".deb"));
    await run("dpkg-deb", ["--extract", join(part, deb!), part]);
    await rename(part, folder);
  } catch (cause) {
    await rm(part, { recursive: true, force: true });
    const why = (cause as Error).message;
    throw new Error(`expected promtool from Debian's package prometheus, by apt-get and dpkg-deb: ${why}`, { cause });
  }
  return file;
}

/** A machine that is new has no lists of packages yet. */
async function download(folder: string): Promise<void> {
  const get = () => run("apt-get", ["download", "prometheus"], { cwd: folder });
  try {
    await get();
  } catch {
    await run("apt-get", ["update"]);
    await get();
  }
}
