import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { shortName } from "./backend.ts";
import { isAlive, programOf } from "./processes.ts";

/** Who holds a lock, as Pulumi writes it. */
interface Lock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

/**
 * Removes the locks that killed runs have left on a stack in a backend folder: those of dead processes of this machine.
 *
 * @throws Error when a run holds the stack, or may: it says which process, where and since when.
 */
export async function removeStaleLocks(folder: string, projectName: string, stack: string): Promise<void> {
  const locks = join(folder, ".pulumi", "locks", "organization", projectName, shortName(stack));
  if (!existsSync(locks)) return;
  const names = (await readdir(locks)).filter((name) => name.endsWith(".json"));
  for (const name of names) {
    const file = join(locks, name);
    const lock = await readLock(file);
    if (!lock) continue;
    const here = lock.hostname === hostname();
    if (!here || mayBePulumi(lock.pid)) throw new Error(inUse(stack, lock, here));
    await rm(file, { force: true });
    await rm(`${file}.attrs`, { force: true });
  }
}

/** A lock; undefined where it was given back meanwhile. */
async function readLock(file: string): Promise<Lock | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`cannot read the lock ${file}: if no run is going on, remove it`, { cause: error });
  }
}

/** A process number is given to another program again, after a reboot above all. */
function mayBePulumi(pid: number): boolean {
  return isAlive(pid) && (programOf(pid) ?? "pulumi").startsWith("pulumi");
}

function inUse(stack: string, { pid, username, hostname, timestamp }: Lock, here: boolean): string {
  const who = `process ${pid} of ${username}${here ? "" : ` on ${hostname}`}, since ${timestamp}`;
  const what = here
    ? "Wait for it to end"
    : `If that run is gone, release it with: npm run pulumi -- cancel --stack ${stack}`;
  return `stack ${stack} is being updated by ${who}. ${what}`;
}
