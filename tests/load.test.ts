import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import test, { type ExecutionContext } from "ava";
import { startLoad } from "./load.ts";

test("a load sends half of its requests on connections of their own, and counts versions", async (t) => {
  const seen: { path: string | undefined; host: string | undefined; body: string }[] = [];
  const sockets = new Map<Socket, number>();
  const endpoint = await serve(t, async (request, response) => {
    sockets.set(request.socket, (sockets.get(request.socket) ?? 0) + 1);
    let body = "";
    for await (const part of request) body += part;
    seen.push({ path: request.url, host: request.headers.host, body });
    response.end(JSON.stringify({ model_version: seen.length <= 50 ? "1" : "2" }));
  });
  const load = startLoad(endpoint, { inputs: {} }, { clients: 2, path: "/batch_predict", host: "model.example.com" });
  await load.more(200);
  const { requests, failed, failures, versions } = await load.stop();

  t.is(seen.length, requests);
  t.true(requests >= 200);
  t.deepEqual([failed, failures], [0, []]);
  t.deepEqual(versions, { 1: 50, 2: requests - 50 });
  t.deepEqual(seen[0], { path: "/batch_predict", host: "model.example.com", body: '{"inputs":{}}' });
  const kept = [...sockets.values()].filter((count) => count > 1);
  t.is(kept.length, 2);
  const single = sockets.size - kept.length;
  t.true(Math.abs(single - requests / 2) <= 2, `${single} of ${requests} on connections of their own`);
});

test("what fails is recorded with its reason, once, and not sent again", async (t) => {
  const answers: ((response: ServerResponse) => unknown)[] = [
    (response) => response.writeHead(503).end("draining"),
    (response) => response.destroy(),
    (response) => response.end("<html>"),
    (response) => response.end("{}"),
    (response) => void response.writeHead(200, { "content-length": 100 }).write("{"),
  ];
  let received = 0;
  const endpoint = await serve(t, (_, response) => {
    const answer = answers[received++] ?? ((ok) => ok.end(JSON.stringify({ model_version: "1" })));
    answer(response);
  });
  const load = startLoad(endpoint, {}, { clients: 1, timeoutMs: 500 });
  await load.more(10);
  const { requests, failed, failures, versions } = await load.stop();

  t.is(requests, received);
  t.is(failed, 5);
  t.deepEqual(versions, { 1: requests - 5 });
  const reasons = [
    /^after \d+\.\d{3} s, on a kept connection: status 503: draining$/,
    /on a connection of its own: socket hang up$/,
    /on a kept connection: expected an answer with a model_version, got <html>$/,
    /on a connection of its own: expected an answer with a model_version, got \{\}$/,
    /on a kept connection: no answer within 500 ms$/,
  ];
  for (const [index, reason] of reasons.entries()) t.regex(failures[index]!, reason);
});

test("a server that isn't there fails each request; of many the first hundred are told", async (t) => {
  const endpoint = await serve(t, () => {});
  const load = startLoad(endpoint.replace(/\d+$/, "1"), {}, { clients: 2 });
  await load.more(150);
  const { requests, failed, failures, versions } = await load.stop();
  t.is(failed, requests);
  t.is(failures.length, 100);
  t.regex(failures[0]!, /ECONNREFUSED/);
  t.deepEqual(versions, {});
});

/** A server on a port of its own, until the test ends. */
async function serve(t: ExecutionContext, answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
