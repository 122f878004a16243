import { once } from "node:events";
import { rename, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import test, { type ExecutionContext } from "ava";
import { writeBundle } from "../mlflow/bundle.ts";
import { startServe } from "./fixtures/serve-process.ts";
import { tinyRegistry } from "./fixtures/tiny-registry.ts";
import { requestJson } from "./request-json.ts";
import { usage } from "./settings.ts";

async function registry(t: ExecutionContext) {
  const made = await tinyRegistry([0.1, 0.2]);
  t.teardown(made.remove);
  return made;
}

function serve(t: ExecutionContext, ...args: Parameters<typeof startServe>) {
  const started = startServe(...args);
  t.teardown(() => started.kill("SIGKILL"));
  return started;
}

/** A TCP server that accepts and never answers. */
async function silentServer(t: ExecutionContext): Promise<number> {
  const server = createServer(() => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

test.serial("--help prints the help", async (t) => {
  const { status, stdout } = await serve(t, {}, ["--help"]).ended;
  t.is(status, 0);
  t.is(stdout, usage);
});

test.serial("a wrong variable is one line and exit status 2", async (t) => {
  const { status, stderr } = await serve(t, { PORT: "eighty" }).ended;
  t.is(status, 2);
  t.is(stderr, 'PORT: expected a whole number from 0 to 65535, got "eighty"\nSee --help.\n');
});

test.serial(
  "it serves a version of a file store until SIGTERM, then ends with 0; a kept connection gets its last answer",
  async (t) => {
    const { uri } = await registry(t);
    const service = serve(t, { MLFLOW_TRACKING_URI: uri, MODEL_VERSION: "1" });
    const { port } = await service.logged("listening");
    await service.logged("ready");
    const endpoint = `http://127.0.0.1:${port}`;
    t.like((await requestJson(`${endpoint}/health`)).body, { status: "healthy", model_version: "1" });

    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.teardown(() => agent.destroy());
    const ask = async () => {
      const [response] = await once(get(`${endpoint}/metadata`, { agent }), "response");
      return [response.statusCode, response.headers.connection, (await text(response)).includes('"model_version":"1"')];
    };
    t.deepEqual(await ask(), [200, "keep-alive", true]);
    service.kill("SIGTERM");
    await service.logged("draining");
    t.deepEqual(await ask(), [200, "close", true]);
    t.is((await service.ended).status, 0);
  },
);

test.serial("tokens of a file that is replaced count without a restart", async (t) => {
  const { uri, folder } = await registry(t);
  const [before, after] = ["a".repeat(32), "b".repeat(32)];
  const file = join(folder, "tokens");
  await writeFile(file, before);
  const service = serve(t, { MLFLOW_TRACKING_URI: uri, AUTH_TOKENS_FILE: file });
  const { port, access } = await service.logged("listening");
  t.is(access, "bearer tokens");
  await service.logged("ready");
  const ask = async (token: string) => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await requestJson(`http://127.0.0.1:${port}/metadata`, { headers })).status;
  };
  t.deepEqual([await ask(before), await ask(after)], [200, 401]);
  await writeFile(`${file}.next`, after);
  await rename(`${file}.next`, file);
  await service.logged("bearer tokens read anew");
  t.deepEqual([await ask(before), await ask(after)], [401, 200]);
  service.kill("SIGTERM");
  const { stdout } = await service.ended;
  for (const token of [before, after]) t.false(stdout.includes(token));
});

test.serial("tokens that can't be read at first are one clear line, and nothing is served", async (t) => {
  const { status, stdout } = await serve(t, { AUTH_TOKENS_FILE: "/nowhere" }).ended;
  t.is(status, 1);
  t.regex(stdout, /"msg":"AUTH_TOKENS_FILE: \/nowhere: expected a file that can be read, got ENOENT"/);
  t.false(stdout.includes("listening"));
});

test.serial(
  "where the system has no descriptor more, connections are lost, and the next ones are served",
  async (t) => {
    const { uri } = await registry(t);
    const service = serve(t, { MLFLOW_TRACKING_URI: uri }, [], "ulimit -n 60");
    const { port } = await service.logged("listening");
    await service.logged("ready");
    const clients = Array.from({ length: 100 }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
    await Promise.race(clients.map((client) => new Promise((resolve) => client.once("close", resolve))));
    for (const client of clients) client.destroy();
    const ask = () => requestJson(`http://127.0.0.1:${port}/live`).catch(() => undefined);
    // The service may not have seen yet that they have gone.
    let answer = await ask();
    while (!answer) answer = await ask();
    t.is(answer.status, 200);
    service.kill("SIGTERM");
    t.is((await service.ended).status, 0);
  },
);

test.serial("a taken port is one clear line", async (t) => {
  const port = await silentServer(t);
  const service = serve(t, { PORT: String(port) });
  const line = `cannot listen on 127.0.0.1:${port}: another process has that port: stop it, or choose another port`;
  t.is((await service.logged(line)).level, 60);
  t.is((await service.ended).status, 1);
});

test.serial("a model that isn't there is one clear line", async (t) => {
  const { uri } = await registry(t);
  const { status, stdout } = await serve(t, { MLFLOW_TRACKING_URI: uri, MODEL_NAME: "huge" }).ended;
  const last = JSON.parse(stdout.trim().split("\n").at(-1)!);
  t.is(status, 1);
  t.is(last.level, 60);
  t.regex(last.msg, /expected version latest of model huge, but MLflow at .* holds no version that is ready/);
  t.false("err" in last);
});

test.serial("a store that is down is one clear line", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const env = { MLFLOW_TRACKING_URI: `http://127.0.0.1:${port}`, LOAD_RETRY_SECONDS: "0" };
  const { status, stdout } = await serve(t, env).ended;
  t.is(status, 1);
  t.regex(JSON.parse(stdout.trim().split("\n").at(-1)!).msg, new RegExp(`127.0.0.1:${port}`));
});

test.serial("while the store is silent health is 503 and liveness 200, and SIGTERM still ends it", async (t) => {
  const service = serve(t, { MLFLOW_TRACKING_URI: `http://127.0.0.1:${await silentServer(t)}` });
  const { port } = await service.logged("listening");
  const health = await requestJson(`http://127.0.0.1:${port}/health`);
  t.is(health.status, 503);
  t.like(health.body, { status: "loading", model_loaded: false });
  t.is((await requestJson(`http://127.0.0.1:${port}/live`)).status, 200);
  service.kill("SIGTERM");
  t.is((await service.ended).status, 0);
});

test.serial("SIGTERM while its modules load ends it with 0, as one that comes later does", async (t) => {
  const atLoad = "if (url.endsWith('/service.ts')) process.kill(process.pid, 'SIGTERM'); return next(url, context)";
  const hook = `import { registerHooks } from "node:module"; registerHooks({ load(url, context, next) { ${atLoad} } })`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(hook)}`;
  t.is((await serve(t, { NODE_OPTIONS }).ended).status, 0);
});

test.serial("an expectation that the model doesn't meet ends it before it was ever healthy", async (t) => {
  const { uri, folder, expectation } = await registry(t);
  const file = join(folder, "expectation.json");
  await writeFile(file, JSON.stringify({ ...expectation(1), sha256: expectation(2).sha256 }));
  const service = serve(t, { MLFLOW_TRACKING_URI: uri, MODEL_VERSION: "1", MODEL_EXPECTATION_FILE: file });
  const { status, stdout } = await service.ended;
  t.is(status, 1);
  t.regex(stdout, /isn't the registered file: expected sha256 [0-9a-f]{64} \(expectation\)/);
  t.false(stdout.includes('"msg":"ready"'));
});

test.serial("a version chosen by its number is served though the expectation speaks of another", async (t) => {
  const { uri, folder, expectation } = await registry(t);
  const file = join(folder, "expectation.json");
  await writeFile(file, JSON.stringify(expectation(2)));
  const service = serve(t, { MLFLOW_TRACKING_URI: uri, MODEL_VERSION: "1", MODEL_EXPECTATION_FILE: file });
  const { version, sha256, proof } = await service.logged("ready");
  t.like(
    { version, sha256, proof },
    { version: "1", sha256: expectation(1).sha256, proof: { digest: "version tag", golden: "model folder" } },
  );
  service.kill("SIGTERM");
  const { stdout } = await service.ended;
  const warning = stdout.split("\n").find((line) => line.includes("set aside"));
  t.like(JSON.parse(warning!), { level: 40, wanted: "1", expected: "2" });
});

test.serial("latest that isn't the expected version is refused", async (t) => {
  const { uri, folder, expectation } = await registry(t);
  const file = join(folder, "expectation.json");
  await writeFile(file, JSON.stringify(expectation(1)));
  const { status, stdout } = await serve(t, { MLFLOW_TRACKING_URI: uri, MODEL_EXPECTATION_FILE: file }).ended;
  t.is(status, 1);
  t.regex(stdout, /expected version 1 of tiny, got version 2 of tiny/);
});

test.serial("it serves a bundle without an MLflow", async (t) => {
  const { store, folder, expectation } = await registry(t);
  const bundle = join(folder, "bundle");
  await writeBundle(store, (await store.getVersion("tiny", "1"))!, bundle);
  const env = { MODEL_PATH: bundle, MLFLOW_TRACKING_URI: "http://127.0.0.1:9" };
  const service = serve(t, { ...env, MODEL_THREADS: "2" });
  t.like(await service.logged("ready"), { version: "1", sha256: expectation(1).sha256 });
  service.kill("SIGTERM");
  t.is((await service.ended).status, 0);
  const { status, stdout } = await serve(t, { ...env, MODEL_VERSION: "2" }).ended;
  t.is(status, 1);
  t.regex(stdout, /expected version 2 of model tiny, but the model bundle .* holds version 1 of model tiny alone/);
});

test.serial("an expectation file that can't be read is one clear line", async (t) => {
  const { stdout } = await serve(t, { MODEL_EXPECTATION_FILE: "/nowhere.json" }).ended;
  t.regex(stdout, /"msg":"MODEL_EXPECTATION_FILE: ENOENT/);
});
