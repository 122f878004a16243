import type { ServerResponse } from "node:http";
import test, { type ExecutionContext } from "ava";
import { type Logger, pino } from "pino";
import { openStore } from "../../mlflow/open-store.ts";
import { sendJson } from "../../mlflow/rest/scripted-server.ts";
import { freePort } from "../../tests/free-port.ts";
import { type Fault, type TinyMlflow, tinyMlflow } from "../fixtures/tiny-mlflow.ts";
import { loadModel } from "./load-model.ts";
import { loadWithRetries } from "./load-with-retries.ts";
import { ModelMismatch } from "./model-mismatch.ts";

async function serve(t: ExecutionContext, fault: Fault, port?: number): Promise<TinyMlflow> {
  const server = await tinyMlflow([0.1], fault, port);
  t.teardown(() => server.close());
  return server;
}

/** Loads version 1 of `tiny` without the client's own repetitions. @param tell - is told why it tries again. */
function load(uri: string, retryMs: number, tell: (reason: string) => void, silenceMs = 60_000) {
  const logger: Logger = pino({}, { write: (line: string) => tell(JSON.parse(line).reason) });
  const store = openStore(uri, { retries: 0, silenceMs });
  const loadOnce = () => loadModel({ store, name: "tiny", version: "1" });
  return loadWithRetries(loadOnce, { retryMs, logger, firstMs: 20 });
}

/** A fault of the first so many requests for a path. */
function atFirst(times: number, path: string, fault: (response: ServerResponse) => void): Fault {
  return ({ url }, response) => {
    if (!url.includes(path) || times-- <= 0) return false;
    fault(response);
    return true;
  };
}

const versions = "model-versions/get?";
const onnx = "/artifacts/1/model.onnx";
const faults: Record<string, [fault: Fault, tells: RegExp]> = {
  "answers 500": [
    atFirst(2, versions, (response) => sendJson(response, { error_code: "INTERNAL_ERROR", message: "boom" }, 500)),
    /boom/,
  ],
  "is behind a proxy that answers 502": [
    atFirst(2, versions, (response) => void response.writeHead(502).end("<html>Bad Gateway</html>")),
    /answered 502 "<html>Bad Gateway/,
  ],
  "has a page in its place": [
    atFirst(2, versions, (response) => void response.end("<html>Welcome</html>")),
    /expected JSON/,
  ],
  "loses the connection": [atFirst(2, onnx, (response) => void response.destroy()), /cannot reach MLflow/],
  "cuts the model off": [
    atFirst(2, onnx, (response) => {
      response.writeHead(200, { "content-length": "1000" }).write("half");
      setImmediate(() => response.destroy());
    }),
    /cannot reach MLflow/,
  ],
  "cuts the model off and ends the answer as if it were whole": [
    atFirst(2, onnx, (response) => void response.end("half")),
    /model\.onnx: expected \d+ bytes as listed, got 4/,
  ],
};

for (const [what, [fault, tells]] of Object.entries(faults))
  test(`a model loads although MLflow ${what} twice, and the log tells each time`, async (t) => {
    const server = await serve(t, fault);
    const told: string[] = [];
    const model = await load(server.uri, 60_000, (reason) => told.push(reason));
    t.teardown(model.release);
    t.like(model, { version: "1", proof: { digest: "version tag", golden: "model folder" } });
    t.is(told.length, 2);
    for (const line of told) t.regex(line, tells);
  });

for (const [what, path, fault] of [
  ["before it answers", versions, () => {}],
  [
    "in the middle of the model",
    onnx,
    (response) => void response.writeHead(200, { "content-length": "1000" }).write("half"),
  ],
] as const satisfies [string, string, (response: ServerResponse) => void][])
  test(`a model loads although MLflow hangs ${what} twice`, async (t) => {
    const server = await serve(t, atFirst(2, path, fault));
    const told: string[] = [];
    const model = await load(server.uri, 60_000, (reason) => told.push(reason), 500);
    t.teardown(model.release);
    t.is(model.version, "1");
    t.true(told.length >= 2);
    for (const line of told) t.regex(line, /nothing came for 500 ms/);
  });

test("a model loads once MLflow, which was down, is up", async (t) => {
  const port = await freePort();
  const { promise: down, resolve: tell } = Promise.withResolvers<string>();
  const loading = load(`http://127.0.0.1:${port}`, 60_000, tell);
  t.regex(await down, /cannot reach MLflow at .*ECONNREFUSED/);
  await serve(t, () => false, port);
  const model = await loading;
  t.teardown(model.release);
  t.is(model.version, "1");
});

test("an MLflow that stays down is an error when the time is over, or after the one try", async (t) => {
  const uri = `http://127.0.0.1:${await freePort()}`;
  for (const [retryMs, repeats] of [
    [200, true],
    [0, false],
  ] as const) {
    const told: string[] = [];
    await t.throwsAsync(
      load(uri, retryMs, (reason) => told.push(reason)),
      { message: /cannot reach MLflow/ },
    );
    t.is(told.length > 0, repeats);
  }
});

const definitive: Record<string, [fault: Fault, error: { name?: string; message: RegExp }]> = {
  "no such model": [
    atFirst(9, versions, (response) =>
      sendJson(response, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Registered Model not found" }, 404),
    ),
    { message: /has none such/ },
  ],
  "missing credentials": [
    atFirst(9, versions, (response) => void response.writeHead(401).end("Unauthorized")),
    { message: /answered 401 "Unauthorized": does it want MLFLOW_TRACKING_TOKEN/ },
  ],
  "credentials that don't suffice": [
    atFirst(9, versions, (response) =>
      sendJson(response, { error_code: "PERMISSION_DENIED", message: "Permission denied" }, 403),
    ),
    { message: /Permission denied/ },
  ],
};

for (const [what, [fault, error]] of Object.entries(definitive))
  test(`${what} is an error at once`, async (t) => {
    const server = await serve(t, fault);
    const told: string[] = [];
    await t.throwsAsync(
      load(server.uri, 60_000, (reason) => told.push(reason)),
      error,
    );
    t.deepEqual(told, []);
  });

test("other bytes of the registered length are an error at once, before ONNX Runtime sees them", async (t) => {
  let size = 0;
  const server = await serve(t, ({ url }, response) => {
    if (!url.includes(onnx)) return false;
    // An ONNX model by its form, all of it one text that says who made it.
    const bytes = Buffer.alloc(size, "x");
    bytes.set([0x12, 0x80 | (size - 3), (size - 3) >> 7]);
    response.end(bytes);
    return true;
  });
  const listed = await fetch(`${server.uri}/api/2.0/mlflow-artifacts/artifacts?path=1`);
  const { files } = (await listed.json()) as { files: { path: string; file_size: number }[] };
  size = files.find(({ path }) => path === "model.onnx")!.file_size;
  const told: string[] = [];
  const error = await t.throwsAsync(
    load(server.uri, 60_000, (reason) => told.push(reason)),
    { instanceOf: ModelMismatch },
  );
  t.regex(error!.message, /isn't the registered file: expected sha256 [0-9a-f]{64} \(version tag\), got/);
  t.deepEqual(told, []);
});
