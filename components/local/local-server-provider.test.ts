import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { requestJson } from "../../inference/request-json.ts";
import { freePort } from "../../tests/free-port.ts";
import { provider as verification } from "../verification/verification-provider.ts";
import { workplace } from "./fixtures/supervised.ts";
import type { LocalServerInputs, LocalServerOutputs } from "./local-server.ts";
import { provider } from "./local-server-provider.ts";
import { isProcess, waitGone } from "./process-identity.ts";
import { readRecord, writeRecord } from "./run-files.ts";
import { status } from "./supervisor-client.ts";

/** A local server of the tiny model as its resource has it after `create`. */
async function created(t: ExecutionContext, changes: Partial<LocalServerInputs> = {}) {
  const { registry, directory, running, ask } = await workplace(t);
  const inputs: LocalServerInputs = {
    model: registry.expectation(1),
    mlflowTrackingUri: registry.uri,
    host: "127.0.0.1",
    port: await freePort(),
    variables: {},
    authTokensFile: "",
    runFolder: directory,
    project: join(import.meta.dirname, "../.."),
    code: "digest",
    ...changes,
  };
  const { id, outs } = await provider.create(inputs);
  return { id, inputs, outs: outs!, directory, registry, running, ask };
}

async function isChanged(outs: LocalServerOutputs, news: LocalServerInputs): Promise<boolean | undefined> {
  return (await provider.diff("", outs, news)).changes;
}

test.serial("what was created is unchanged, an update rolls the same supervisor, delete leaves none", async (t) => {
  const { id, inputs, outs, directory, registry, running, ask } = await created(t);
  const read = await provider.read(id, outs);
  t.deepEqual(read.props, outs);
  t.false(await isChanged(outs, inputs));
  const { pid } = await running();
  const { id: mark } = readRecord(directory)!;

  const news = { ...inputs, model: registry.expectation(2) };
  t.true(await isChanged(outs, news));
  const updated = await provider.update(id, outs, news);
  t.is((await running()).pid, pid);
  t.like((await ask("/metadata")).body, { model_version: "2" });
  t.false(await isChanged(updated.outs!, news));

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
  t.true(await isChanged(read.props!, inputs));
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

test.serial("settings reach the service, and others roll it", async (t) => {
  const { id, inputs, outs, ask } = await created(t, { variables: { CORS_ORIGINS: "*", MAX_ROWS: "10" } });
  t.is((await ask("/metadata")).status, 200);
  const news = { ...inputs, variables: { CORS_ORIGINS: "*", MAX_ROWS: "nonsense" } };
  t.true(await isChanged(outs, news));
  await t.throwsAsync(provider.update(id, outs, news), { message: /MAX_ROWS: expected a whole number/ });
  t.is((await ask("/metadata")).status, 200);
});

test.serial(
  "a service that asks for tokens is proven with one, and what replaces them counts without an update",
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "tokens-"));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    const authTokensFile = join(folder, "tokens");
    const [before, after] = ["a".repeat(32), "b".repeat(32)];
    await writeFile(authTokensFile, before);
    const { inputs, outs, ask } = await created(t, { authTokensFile });
    t.is((await ask("/metadata")).status, 401);
    const { endpoint, deployedAt } = outs;
    const asked = { endpoint, deployedAt, expectation: inputs.model, authTokensFile };
    t.regex((await verification.create(asked)).outs!.proven, /golden rows/);
    await t.throwsAsync(verification.create({ ...asked, authTokensFile: "" }), { message: /got status 401/ });

    await writeFile(authTokensFile, after);
    const isOpen = async () =>
      (await requestJson(`${endpoint}/metadata`, { headers: { Authorization: `Bearer ${after}` } })).status === 200;
    while (!(await isOpen()));
    t.false(await isChanged(outs, inputs));
    t.regex((await verification.create(asked)).outs!.proven, /golden rows/);
    t.false(JSON.stringify(outs).includes(before));
  },
);
