import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";
import test, { type ExecutionContext } from "ava";
import type { MlflowError } from "../error.ts";
import { type Call, Client, type ClientOptions } from "./client.ts";
import { type ReceivedRequest, type ScriptedServer, scriptedServer, sendJson } from "./scripted-server.ts";

const get: Call = { method: "GET", path: "api/2.0/mlflow/runs/get", query: { run_id: "a b" }, idempotent: true };
const create: Call = { method: "POST", path: "api/2.0/mlflow/runs/create", body: { name: "ä" }, idempotent: false };

/** A server that closes with the test. */
async function serve(
  t: ExecutionContext,
  answer: (request: ReceivedRequest, response: ServerResponse) => void,
): Promise<ScriptedServer> {
  const server = await scriptedServer(answer);
  t.teardown(() => server.close());
  return server;
}

function client(uri: string, options: ClientOptions = {}): Client {
  return new Client(uri, { backoffMs: 1, ...options });
}

/** Answers each request in turn; the last answer stays. */
function inTurn(...answers: ((response: ServerResponse) => void)[]) {
  let turn = 0;
  return (_: ReceivedRequest, response: ServerResponse) => answers[Math.min(turn++, answers.length - 1)]?.(response);
}

const ok = (response: ServerResponse) => sendJson(response, { fine: true });
const status =
  (code: number, body = "") =>
  (response: ServerResponse) =>
    void response.writeHead(code).end(body);
const cut = (response: ServerResponse) => {
  response.writeHead(200, { "content-length": "100" }).write('{"fine":');
  response.destroy();
};
const hangUp = (response: ServerResponse) => void response.destroy();

for (const [what, failure] of Object.entries({
  "a 500": status(500, '{"error_code":"INTERNAL_ERROR","message":"boom"}'),
  "a 503 in HTML": status(503, "<html>upstream</html>"),
  "a 429": status(429),
  "half a body": cut,
  "a lost connection": hangUp,
}))
  test(`after ${what}, a request that can be repeated is`, async (t) => {
    const server = await serve(t, inTurn(failure, failure, ok));
    t.deepEqual(await client(server.uri).json(get), { fine: true });
    t.is(server.requests.length, 3);
    t.is(server.requests[0]?.url, "/api/2.0/mlflow/runs/get?run_id=a+b");
  });

for (const [what, failure] of Object.entries({ "a 500": status(500), "half a body": cut, "a lost connection": hangUp }))
  test(`after ${what}, a request that creates something isn't repeated`, async (t) => {
    const server = await serve(t, inTurn(failure, ok));
    await t.throwsAsync(client(server.uri).json(create), { name: "MlflowError" });
    t.is(server.requests.length, 1);
  });

test("a request that was turned away unread is repeated, whatever it does", async (t) => {
  const server = await serve(t, inTurn(status(429), ok));
  t.deepEqual(await client(server.uri).json(create), { fine: true });
  t.is(Buffer.from(server.requests[1]?.body ?? "", "latin1").toString(), '{"name":"ä"}');
});

test("what MLflow refuses isn't repeated, and its code and text are told", async (t) => {
  const body = { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Run with id=a b not found" };
  const server = await serve(t, (_, response) => sendJson(response, body, 404));
  const error = await t.throwsAsync<MlflowError>(client(server.uri).json(get));
  t.like(error, { name: "MlflowError", code: "RESOURCE_DOES_NOT_EXIST", status: 404 });
  t.is(error?.message, `MLflow at ${server.uri}, GET runs/get: Run with id=a b not found`);
  t.is(server.requests.length, 1);
});

test("a server that stays broken is an error after the last repetition", async (t) => {
  const server = await serve(t, inTurn(status(502, "<html>Bad Gateway</html>")));
  const message = /answered 502 "<html>Bad Gateway<\/html>": is this the address of an MLflow server\?/;
  await t.throwsAsync(client(server.uri, { retries: 2 }).json(get), { message });
  t.is(server.requests.length, 3);
});

test("a server that is down is an error that says so", async (t) => {
  const server = await scriptedServer(() => undefined);
  await server.close();
  const error = await t.throwsAsync<MlflowError>(client(server.uri, { retries: 1 }).json(get));
  t.is(error?.code, "ECONNREFUSED");
  t.regex(
    error?.message ?? "",
    /^cannot reach MLflow at http:\/\/127\.0\.0\.1:\d+ \(GET runs\/get: .*\): is the server up, and is this its address\?$/,
  );
  t.truthy(error?.cause);
});

test("a server that never answers is an error", async (t) => {
  const server = await serve(t, () => undefined);
  const patient = client(server.uri, { timeoutMs: 30, retries: 1 });
  await t.throwsAsync(patient.json(get), { code: "ETIMEDOUT", message: /GET runs\/get: no answer within 30 ms/ });
});

test("a body that never ends is an error", async (t) => {
  const server = await serve(t, (_, response) => void response.writeHead(200).write("{"));
  await t.throwsAsync(client(server.uri, { timeoutMs: 30, retries: 0 }).json(get), {
    message: /no answer within 30 ms/,
  });
});

test("a body that comes in pieces may take its time, and one that stops is an error", async (t) => {
  const piece = (response: ServerResponse) => void response.write(" ".repeat(3));
  const server = await serve(t, async (request, response) => {
    response.writeHead(200);
    for (let sent = 0; sent < 8; sent++) {
      piece(response);
      await delay(150);
    }
    if (request.method === "GET") response.end("{}");
  });
  const patient = client(server.uri, { silenceMs: 1000, timeoutMs: 60_000, retries: 0 });
  t.deepEqual(await patient.json(get), {});
  await t.throwsAsync(patient.json(create), { code: "ETIMEDOUT", message: /nothing came for 1000 ms/ });
});

test("HTML where JSON was due is an error that doubts the address", async (t) => {
  const page = await serve(t, inTurn(status(200, "<!doctype html>\n<title>Sign in</title>")));
  const message =
    /expected JSON, got "<!doctype html> <title>Sign in<\/title>": is this the address of an MLflow server\?/;
  await t.throwsAsync(client(page.uri).json(get), { message });
  t.is(page.requests.length, 1);
});

test("a Host header that MLflow refuses is an error that says what to do", async (t) => {
  const server = await serve(t, inTurn(status(403, "Invalid Host header - possible DNS rebinding attack detected")));
  const message =
    /refuses requests to the host "127\.0\.0\.1:\d+": start it with --allowed-hosts "127\.0\.0\.1:\*,localhost:\*/;
  await t.throwsAsync(client(server.uri).json(get), { message });
  t.is(server.requests.length, 1);
});

test("requests go through another address; the server keeps its name, also where it refuses that host", async (t) => {
  const server = await serve(t, inTurn(status(200, "{}"), status(403, "Invalid Host header")));
  const uri = "http://mlflow-service.asgard.svc.cluster.local:5000";
  const forwarded = new Client(uri, { through: server.uri });
  await forwarded.json(get);
  t.is(forwarded.uri, uri);
  const message =
    /MLflow at http:\/\/mlflow-service\S+:5000 refuses requests to the host "127\.0\.0\.1:\d+": .*--allowed-hosts "mlflow-service\.asgard\.svc\.cluster\.local:\*,localhost:\*/;
  await t.throwsAsync(forwarded.json(get), { message });
});

test("a server that wants credentials is an error that names their variables", async (t) => {
  const server = await serve(t, inTurn(status(401, "Unauthorized")));
  await t.throwsAsync(client(server.uri).json(get), {
    message: /answered 401 "Unauthorized": does it want MLFLOW_TRACKING_TOKEN/,
  });
});

test("an aborted request ends with the signal's reason, and isn't repeated", async (t) => {
  const controller = new AbortController();
  const server = await serve(t, () => controller.abort());
  await t.throwsAsync(client(server.uri).json({ ...get, signal: controller.signal }), { name: "AbortError" });
  t.is(server.requests.length, 1);
});

test.serial("a request that is aborted between two attempts ends with the signal's reason too", async (t) => {
  const controller = new AbortController();
  const server = await serve(t, inTurn(status(503, "busy")));
  const { random } = Math;
  t.teardown(() => {
    Math.random = random;
  });
  // The client draws the length of a wait just before it.
  Math.random = () => {
    queueMicrotask(() => controller.abort(new Error("called off")));
    return random();
  };
  const patient = client(server.uri, { backoffMs: 60_000 });
  await t.throwsAsync(patient.json({ ...get, signal: controller.signal }), { message: "called off" });
});

const basic = `Basic ${Buffer.from("me:secret").toString("base64")}`;
for (const [what, options, header] of [
  ["a token", { token: "secret" }, "Bearer secret"],
  ["user and password", { username: "me", password: "secret" }, basic],
  ["user and password before a token", { username: "me", password: "secret", token: "other" }, basic],
] as const)
  test(`${what} authenticate, and show nowhere`, async (t) => {
    const server = await serve(t, inTurn(status(401, "no")));
    const one = client(server.uri, options);
    const error = await t.throwsAsync(one.json(get));
    t.is(server.requests[0]?.authorization, header);
    t.false(inspect([one, error], { depth: 9, showHidden: true }).includes("secret"));
  });

test("credentials in the address authenticate, and are taken out of it", async (t) => {
  const server = await serve(t, inTurn(ok));
  const one = client(server.uri.replace("//", "//me:secret@"));
  await one.json(get);
  t.is(server.requests[0]?.authorization, basic);
  t.is(one.uri, server.uri);
});

test("an address that is none is refused without being quoted", (t) => {
  const error = t.throws(() => new Client("http://me:secret@:x"), {
    message: /expected the address of an MLflow server/,
  });
  t.false(inspect(error).includes("secret"));
});
