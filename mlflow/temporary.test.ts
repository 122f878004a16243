import test from "ava";
import { MlflowError } from "./error.ts";
import { Client } from "./rest/client.ts";
import { scriptedServer, sendJson } from "./rest/scripted-server.ts";
import { isTemporary } from "./temporary.ts";

/** What a server's only answer makes of a request. */
async function failure(answer: Parameters<typeof scriptedServer>[0], silenceMs = 60_000): Promise<unknown> {
  const server = await scriptedServer(answer);
  try {
    const client = new Client(server.uri, { retries: 0, silenceMs });
    return await client.json({ method: "GET", path: "api/2.0/mlflow/runs/get", idempotent: true }).catch((e) => e);
  } finally {
    await server.close();
  }
}

for (const [what, answer] of Object.entries<Parameters<typeof scriptedServer>[0]>({
  "a 500 of MLflow": (_, response) => sendJson(response, { error_code: "INTERNAL_ERROR", message: "boom" }, 500),
  "a 503 of a proxy": (_, response) => void response.writeHead(503).end("<html>"),
  "a 429": (_, response) => void response.writeHead(429).end(),
  "a 404 of a proxy": (_, response) => void response.writeHead(404).end("default backend - 404"),
  "a page where JSON was due": (_, response) => void response.end("<html>starting</html>"),
  "half a body": (_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("{");
    response.destroy();
  },
  "half a body in chunks": (_, response) => {
    response.writeHead(200).write("{");
    response.destroy();
  },
  "a connection that is lost": (_, response) => void response.destroy(),
  "an answer that is garbled": (_, response) =>
    void response.socket?.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\r\nxyz\r\n"),
}))
  test(`${what} may pass`, async (t) => {
    const error = await failure(answer);
    t.true(error instanceof MlflowError);
    t.true(isTemporary(error));
  });

test("silence may pass, as may a server that is down and a name that isn't known yet", async (t) => {
  t.true(isTemporary(await failure(() => undefined, 20)));
  const down = await scriptedServer(() => undefined);
  await down.close();
  for (const address of [down.uri, "http://mlflow.invalid"]) {
    const client = new Client(address, { retries: 0 });
    const asked = client.json({ method: "GET", path: "version", idempotent: true });
    t.true(isTemporary(await asked.catch((error) => error)), address);
  }
});

for (const [what, status, body] of [
  ["no such model", 404, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Registered Model with name=x not found" }],
  ["no such alias", 400, { error_code: "INVALID_PARAMETER_VALUE", message: "Registered model alias x not found." }],
  ["missing credentials", 401, "You are not authenticated."],
  ["credentials that don't suffice", 403, { error_code: "PERMISSION_DENIED", message: "no" }],
  ["a forbidden host", 403, "Invalid Host header - possible DNS rebinding attack detected"],
] as const)
  test(`${what} won't pass`, async (t) => {
    const error = await failure((_, response) =>
      typeof body === "string" ? void response.writeHead(status).end(body) : sendJson(response, body, status),
    );
    t.true(error instanceof MlflowError);
    t.false(isTemporary(error));
  });

test("a certificate that isn't trusted won't pass, nor what is no answer of MLflow's at all", (t) => {
  t.false(isTemporary(new MlflowError("cannot reach MLflow", { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" })));
  t.false(isTemporary(new MlflowError("expected version 7, but it holds 1")));
  t.false(isTemporary(Object.assign(new Error("boom"), { code: "ECONNREFUSED" })));
});
