import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive } from "../processes.ts";

/** How {@link makeOnce} tells that it waits. */
export interface OnceOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: (pid: number) => void;
}

/**
 * Makes a folder once, whole or not at all: `fill` writes into a temporary one beside it, which is then renamed into place.
 * Of several processes one fills it, and the others wait for it; a lock whose process has died counts for nothing.
 */
export async function makeOnce(folder: string, fill: (temporary: string) => Promise<void>, options: OnceOptions = {}) {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  await takeLock(lock, folder, options);
  try {
    if (existsSync(folder)) return;
    await removeLeftovers(folder);
    const temporary = `${folder}.${process.pid}.tmp`;
    try {
      await mkdir(temporary);
      await fill(temporary);
      await rename(temporary, folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string, folder: string, { signal, onWait }: OnceOptions): Promise<void> {
  while (!existsSync(folder)) {
    signal?.throwIfAborted();
    try {
      const file = await open(lock, "wx");
      await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
      return await file.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = await readHolder(lock);
    if (holder && holder.host === hostname() && !isAlive(holder.pid)) await rm(lock, { force: true });
    else if (holder) onWait?.(holder.pid);
    await wait(250, undefined, signal ? { signal } : {});
  }
}

/** Whoever holds the lock; undefined where it was just given back, or isn't written yet. */
async function readHolder(lock: string): Promise<{ pid: number; host: string } | undefined> {
  try {
    return JSON.parse(await readFile(lock, "utf8"));
  } catch {
    return undefined;
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(dirname(folder));
  const leftovers = names.filter((name) => name.startsWith(`${basename(folder)}.`) && name.endsWith(".tmp"));
  await Promise.all(leftovers.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
}
