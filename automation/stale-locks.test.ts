import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { removeStaleLocks } from "./stale-locks.ts";

/** A backend folder with a lock, as Pulumi writes it. */
async function makeLocks(pid: number, host: string) {
  const folder = await mkdtemp(join(tmpdir(), "locks-"));
  const locks = join(folder, ".pulumi", "locks", "organization", "toy", "dev");
  await mkdir(locks, { recursive: true });
  const lock = { pid, username: "ann", hostname: host, timestamp: "2026-11-23T06:37:48Z" };
  await writeFile(join(locks, "1.json"), JSON.stringify(lock));
  await writeFile(join(locks, "1.json.attrs"), "{}");
  return { folder, locks };
}

test("the lock of a dead process of this machine is removed", async (t) => {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  const { folder, locks } = await makeLocks(child.pid!, hostname());
  await removeStaleLocks(folder, "toy", "dev");
  t.deepEqual(await readdir(locks), []);
  await rm(folder, { recursive: true });
});

test("so is that of a process number which another program has now", async (t) => {
  const { folder, locks } = await makeLocks(process.pid, hostname());
  await removeStaleLocks(folder, "toy", "dev");
  t.deepEqual(await readdir(locks), []);
  await rm(folder, { recursive: true });
});

test("a lock of another machine is an error that says whose it is", async (t) => {
  const { folder, locks } = await makeLocks(7, "elsewhere");
  await t.throwsAsync(removeStaleLocks(folder, "toy", "dev"), {
    message:
      "stack dev is being updated by process 7 of ann on elsewhere, since 2026-11-23T06:37:48Z. " +
      "If that run is gone, release it with: npm run pulumi -- cancel --stack dev",
  });
  t.is((await readdir(locks)).length, 2);
  await rm(folder, { recursive: true });
});

test("a stack that was never locked has nothing to remove", async (t) => {
  await t.notThrowsAsync(removeStaleLocks("/nowhere", "toy", "dev"));
});
