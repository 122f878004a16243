import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { freePort } from "../../tests/free-port.ts";
import { workplace } from "./fixtures/supervised.ts";
import type { LocalServerInputs, LocalServerOutputs } from "./local-server.ts";
import { provider } from "./local-server-provider.ts";
import { isProcess, waitGone } from "./process-identity.ts";
import { readRecord, writeRecord } from "./run-files.ts";
import { status } from "./supervisor-client.ts";

/** A local server of the tiny model as its resource has it after `create`. */
async function created(t: ExecutionContext) {
  const { registry, directory, running, ask } = await workplace(t);
  const inputs: LocalServerInputs = {
    model: registry.expectation(1),
    mlflowTrackingUri: registry.uri,
    host: "127.0.0.1",
    port: await freePort(),
    runFolder: directory,
    project: join(import.meta.dirname, "../.."),
    code: "digest",
  };
  const { id, outs } = await provider.create(inputs);
  return { id, inputs, outs: outs!, directory, registry, running, ask };
}

async function changes(outs: LocalServerOutputs, news: LocalServerInputs): Promise<boolean | undefined> {
  return (await provider.diff("", outs, news)).changes;
}

test.serial("what was created is unchanged, an update rolls the same supervisor, delete leaves none", async (t) => {
  const { id, inputs, outs, directory, registry, running, ask } = await created(t);
  const read = await provider.read(id, outs);
  t.deepEqual(read.props, outs);
  t.false(await changes(outs, inputs));
  const { pid } = await running();
  const { id: mark } = readRecord(directory)!;

  const news = { ...inputs, model: registry.expectation(2) };
  t.true(await changes(outs, news));
  const updated = await provider.update(id, outs, news);
  t.is((await running()).pid, pid);
  t.like((await ask("/metadata")).body, { model_version: "2" });
  t.false(await changes(updated.outs!, news));

  await provider.delete(id, outs);
  t.false(isProcess(pid, mark));
  t.deepEqual(await provider.read(id, outs), {});
});

test.serial("a supervisor of another release stays in the state, to be replaced by an update or stopped", async (t) => {
  const { id, inputs, outs, directory, ask } = await created(t);
  const { pid, id: mark } = readRecord(directory)!;
  const age = () => writeRecord(directory, { ...readRecord(directory)!, protocol: 0 });
  age();
  const read = await provider.read(id, outs);
  t.is(read.id, id);
  t.true(await changes(read.props!, inputs));
  const updated = await provider.update(id, read.props!, inputs);
  t.false(isProcess(pid, mark));
  t.is((await ask("/health")).status, 200);

  age();
  await provider.delete(id, updated.outs!);
  t.deepEqual(await status(directory), { running: false, reason: "stopped" });
});

test.serial("an update starts a supervisor again that has died since it was read", async (t) => {
  const { id, inputs, outs, directory, ask } = await created(t);
  const { pid, id: mark } = readRecord(directory)!;
  process.kill(pid, "SIGKILL");
  t.true(await waitGone(pid, mark, 10_000));
  await provider.update(id, outs, inputs);
  t.is((await ask("/health")).status, 200);
});
