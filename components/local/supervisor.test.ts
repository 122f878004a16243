import { execFile } from "node:child_process";
import { readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { workplace } from "./fixtures/supervised.ts";
import { isProcess } from "./process-identity.ts";
import { readRecord } from "./run-files.ts";
import { roll, startSupervisor, status, stop } from "./supervisor-client.ts";

test.serial("it serves until it is stopped, and leaves no process then; stopping twice is no error", async (t) => {
  const { directory, registry, start, ask } = await workplace(t);
  t.deepEqual(await status(directory), { running: false, reason: "stopped" });
  const started = await start(1);
  const { sha256 } = registry.expectation(1);
  t.like(started, { state: "serving", ready: true, modelName: "tiny", modelVersion: "1", sha256, restarts: 0 });
  t.like((await ask("/metadata")).body, { model_version: "1", model_sha256: sha256 });
  const { id } = readRecord(directory)!;

  await stop(directory);
  t.deepEqual(await status(directory), { running: false, reason: "stopped" });
  for (const pid of [started.pid, started.instancePid!]) t.false(isProcess(pid, id));
  await stop(directory);
});

test.serial("a roll switches to the new version, and the old instance ends", async (t) => {
  const { directory, spec, start, ask } = await workplace(t);
  const before = await start(1);
  const after = await roll(directory, spec(2));
  t.like(after, { running: true, ready: true, modelVersion: "2", pid: before.pid, port: before.port });
  t.like((await ask("/metadata")).body, { model_version: "2" });
});

test.serial("a second supervisor in the same folder is refused, also when both start at once", async (t) => {
  const { directory, spec, start, ask } = await workplace(t);
  const options = { directory, host: "127.0.0.1", port: 0, spec: spec(1) };
  const both = await Promise.allSettled([startSupervisor(options), startSupervisor(options)]);
  t.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  t.like((await ask("/metadata")).body, { model_version: "1" });
  await t.throwsAsync(start(2), { message: /a supervisor runs here already \(pid \d+\): roll it, or stop it first/ });
  t.like((await ask("/metadata")).body, { model_version: "1" });
});

test.serial("it outlives the process that started it", async (t) => {
  const { directory, spec, ask } = await workplace(t);
  const client = join(import.meta.dirname, "supervisor-client.ts");
  const options = JSON.stringify({ directory, host: "127.0.0.1", port: 0, spec: spec(1) });
  const script = `import { startSupervisor } from ${JSON.stringify(client)}; await startSupervisor(${options});`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  t.is((await ask("/health")).status, 200);
});

test.serial("its folder may be moved while it runs", async (t) => {
  const { directory, spec, start } = await workplace(t);
  await start(1);
  const moved = `${directory}-moved`;
  await rename(directory, moved);
  t.teardown(() => stop(moved));
  t.deepEqual(await status(directory), { running: false, reason: "stopped" });
  t.like(await status(moved), { running: true, ready: true, modelVersion: "1" });
  t.like(await roll(moved, spec(2)), { modelVersion: "2" });
  await stop(moved);
  t.deepEqual(await status(moved), { running: false, reason: "stopped" });
});

test.serial("credentials reach the instance, and no file; files are the user's alone", async (t) => {
  const { directory, spec, start } = await workplace(t);
  const { env } = spec(1);
  // A program in the service's place that tells, as its reason to fail, what it was given.
  const entry = join(import.meta.dirname, "fixtures/tells-token.ts");
  await start(1, { env: { ...env, MLFLOW_TRACKING_TOKEN: "a-secret-token" } });
  const error = await t.throwsAsync(
    roll(directory, spec(1, { entry, env: { ...env, MLFLOW_TRACKING_TOKEN: "a-secret-token" } })),
  );
  t.regex(error?.message ?? "", /^token of 14 characters/);
  for (const file of await readdir(directory)) {
    const path = join(directory, file);
    t.false((await readFile(path, "utf8")).includes("a-secret-token"), file);
    t.is((await stat(path)).mode & 0o077, 0, file);
  }
});

test.serial("who doesn't know the token commands nothing", async (t) => {
  const { directory, start } = await workplace(t);
  await start(1);
  const { controlPort } = readRecord(directory)!;
  for (const headers of [{}, { Authorization: `Bearer ${"0".repeat(64)}` }]) {
    const answer = await fetch(`http://127.0.0.1:${controlPort}/stop`, { method: "POST", body: "{}", headers });
    t.is(answer.status, 401);
  }
  t.like(await status(directory), { running: true, ready: true });
});
