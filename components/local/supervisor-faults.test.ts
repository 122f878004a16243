import { once } from "node:events";
import { rename, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import test from "ava";
import { requestJson } from "../../inference/request-json.ts";
import { workplace } from "./fixtures/supervised.ts";
import { isProcess, waitGone } from "./process-identity.ts";
import { readRecord, writeRecord } from "./run-files.ts";
import { roll, startSupervisor, status, stop } from "./supervisor-client.ts";

test.serial(
  "a version that isn't the expected one never serves: the old instance goes on, the reason comes back",
  async (t) => {
    const { directory, registry, spec, start, running, ask } = await workplace(t);
    const { instancePid } = await start(1);
    const [one, two] = [registry.expectation(1), registry.expectation(2)];
    const wrong: [typeof one, RegExp][] = [
      [{ ...two, sha256: one.sha256 }, /isn't the registered file: expected sha256 [0-9a-f]{64} \(expectation\), got/],
      [{ ...two, golden: one.golden! }, /doesn't answer its golden sample: row 0, probability 0: expected 0\.8/],
      [{ ...two, modelVersion: "9" }, /expected version 9 of model tiny, but MLflow at .* has none such/],
    ];
    for (const [expectation, message] of wrong) {
      const error = await t.throwsAsync(roll(directory, spec(2, { expectation })), { message });
      t.regex(error?.message ?? "", /The end of its log:\n.*"level":60/s);
      t.like(await running(), { ready: true, modelVersion: "1", instancePid, restarts: 0 });
    }
    t.like((await ask("/metadata")).body, { model_version: "1" });
  },
);

test.serial("code that doesn't run never serves", async (t) => {
  const { directory, registry, spec, start, ask } = await workplace(t);
  await start(1);
  const entry = join(registry.folder, "broken.mjs");
  await writeFile(entry, "throw new Error('broken release');");
  await t.throwsAsync(roll(directory, spec(2, { entry })), {
    message: /ended before it was ready: exit status 1\nThe end of its log:.*broken release/s,
  });
  await t.throwsAsync(roll(directory, spec(2, { execPath: join(registry.folder, "no-node") })), { message: /ENOENT/ });
  t.like((await ask("/metadata")).body, { model_version: "1" });
});

test.serial("a roll that is given up before the switch leaves the old instance serving", async (t) => {
  const { directory, spec, start, ask, until } = await workplace(t);
  await start(1);
  const { instances } = readRecord(directory)!;
  const given = new AbortController();
  const rolling = t.throwsAsync(roll(directory, spec(2), { signal: given.signal }), { message: "given up" });
  await until(() => readRecord(directory)!.instances.length > instances.length);
  given.abort(new Error("given up"));
  await rolling;
  await until(() => readRecord(directory)!.instances.length === 1);
  t.like((await ask("/metadata")).body, { model_version: "1" });
});

test.serial("a first instance that fails leaves nothing running", async (t) => {
  const { directory, registry, start } = await workplace(t);
  const expectation = { ...registry.expectation(1), sha256: registry.expectation(2).sha256 };
  await t.throwsAsync(start(1, { expectation }), { message: /isn't the registered file/ });
  t.deepEqual(await status(directory), { running: false, reason: "stopped" });
});

test.serial("a taken port is a clear error, and leaves nothing running", async (t) => {
  const { directory, spec } = await workplace(t);
  const other = createServer().listen(0, "127.0.0.1");
  t.teardown(() => other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await t.throwsAsync(startSupervisor({ directory, host: "127.0.0.1", port, spec: spec(1) }), {
    message: `port ${port} of 127.0.0.1 is taken by another process: stop that one, or choose another port`,
  });
  t.deepEqual(await status(directory), { running: false, reason: "stopped" });
});

test.serial("an instance that crashes is started again; who connects meanwhile waits and is answered", async (t) => {
  const { start, until, ask } = await workplace(t);
  const { instancePid } = await start(1);
  process.kill(instancePid!, "SIGKILL");
  t.like(await until(({ restarts }) => restarts === 1), { state: "restarting", ready: false });
  t.like((await ask("/metadata")).body, { model_version: "1" });
  const again = await until(({ ready }) => ready);
  t.not(again.instancePid, instancePid);
  t.false("lastError" in again);
});

test.serial("who was passed to an instance that ended before it took them is answered by the next one", async (t) => {
  const { start, running } = await workplace(t);
  const { instancePid, port } = await start(1);
  process.kill(instancePid!, "SIGSTOP");
  const asked = [1, 2, 3].map(() => requestJson(`http://127.0.0.1:${port}/metadata`, { timeoutMs: 60_000 }));
  // A status comes after the question whether the stopped instance is healthy, and so after the connections.
  t.like(await running(), { ready: false });
  process.kill(instancePid!, "SIGKILL");
  for (const { status } of await Promise.all(asked)) t.is(status, 200);
});

test.serial("one that can't be started again is reported with the reason, until it can", async (t) => {
  const { registry, start, until } = await workplace(t);
  const { instancePid } = await start(1);
  await rename(registry.uri, `${registry.uri}-away`);
  process.kill(instancePid!, "SIGKILL");
  const failing = await until(({ lastError = "" }) => lastError.includes("expected version 1 of model tiny"));
  t.like(failing, { state: "restarting", ready: false, modelVersion: "1" });
  await rename(`${registry.uri}-away`, registry.uri);
  t.like(await until(({ ready }) => ready), { state: "serving", modelVersion: "1" });
});

test.serial("a roll replaces one that can't be started again", async (t) => {
  const { directory, registry, spec, start, until } = await workplace(t);
  const entry = join(registry.folder, "serve.mjs");
  await writeFile(entry, `await import(${JSON.stringify(spec(1).entry)});`);
  const { instancePid } = await start(1, { entry });
  await rm(entry);
  process.kill(instancePid!, "SIGKILL");
  await until(({ lastError = "" }) => lastError.includes("Cannot find module"));
  t.like(await roll(directory, spec(2)), { ready: true, modelVersion: "2", restarts: 0 });
});

test.serial(
  "a supervisor that was killed is seen as dead, its instance ends by itself, and another can start",
  async (t) => {
    const { directory, start, ask } = await workplace(t);
    const { pid, instancePid } = await start(1);
    const { id } = readRecord(directory)!;
    process.kill(pid, "SIGKILL");
    t.true(await waitGone(pid, id, 10_000));
    t.deepEqual(await status(directory), { running: false, reason: "dead", pid });
    t.true(await waitGone(instancePid!, id, 60_000));
    t.like(await start(2), { ready: true, modelVersion: "2" });
    t.like((await ask("/metadata")).body, { model_version: "2" });
  },
);

test.serial("a supervisor that hangs is seen as such, and stopped all the same", async (t) => {
  const { directory, start } = await workplace(t);
  const { pid, instancePid } = await start(1);
  const { id } = readRecord(directory)!;
  process.kill(pid, "SIGSTOP");
  t.deepEqual(await status(directory), { running: false, reason: "unresponsive", pid });
  await stop(directory);
  for (const process of [pid, instancePid!]) t.false(isProcess(process, id));
  t.deepEqual(await status(directory), { running: false, reason: "stopped" });
});

test.serial("a supervisor whose folder was deleted, which nobody can stop any more, ends by itself", async (t) => {
  const { directory, start } = await workplace(t);
  const { pid, instancePid } = await start(1);
  const { id } = readRecord(directory)!;
  await rm(directory, { recursive: true });
  for (const process of [pid, instancePid!]) t.true(await waitGone(process, id, 60_000));
});

test.serial("after a reboot another process may have the pid: it is left alone", async (t) => {
  const { directory, start } = await workplace(t);
  await start(1);
  const record = readRecord(directory)!;
  await stop(directory);
  writeRecord(directory, { ...record, pid: process.pid, instances: [process.pid] });
  t.deepEqual(await status(directory), { running: false, reason: "dead", pid: process.pid });
  await stop(directory);
  t.deepEqual(await status(directory), { running: false, reason: "stopped" });
});
