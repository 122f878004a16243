import type { RequestListener } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import type { AppOptions } from "../app.ts";
import { logLines } from "../fixtures/log-lines.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { tinyService } from "../fixtures/tiny-service.ts";
import { type ListenOptions, listen } from "../http-server.ts";
import { requestJson } from "../request-json.ts";

const post = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

async function service(t: ExecutionContext, limits: ListenOptions, options: AppOptions = {}) {
  const { logger, line } = logLines();
  const started = await tinyService({ ...options, limits: { ...limits, logger }, logger });
  t.teardown(started.close);
  const client = (...parts: string[]) => {
    const raw = new RawClient(started.endpoint);
    t.teardown(() => raw.destroy());
    return raw.send(...parts);
  };
  return { ...started, client, line };
}

/** Sends a byte now and then until the service closes the connection. */
async function drip(client: RawClient, everyMs: number) {
  while (!client.isClosed) {
    await client.send("a");
    await delay(everyMs);
  }
}

for (const [title, ...parts] of [
  ["nothing at all"],
  ["half a head", "GET /li"],
  ["half a head after a request", "GET /live HTTP/1.1\r\nHost: x\r\n\r\nGET /live HTTP/1.1\r\nA: "],
] as const)
  test(`a client that sends ${title} is told 408 in time, however it drips`, async (t) => {
    const { client } = await service(t, { headerMs: 150, requestMs: 60_000 });
    const slow = await client(...parts);
    if (parts.length > 0) await drip(slow, 20);
    const { status, headers } = (await slow.answers()).at(-1)!;
    t.is(status, 408);
    t.is(headers.connection, "close");
  });

test("a body that drips is 408 in its request's own answer, which is logged", async (t) => {
  const { client, line, endpoint } = await service(t, { headerMs: 100, requestMs: 200 });
  const slow = await client(`${post}X-Request-Id: slow\r\nContent-Length: 1000\r\n\r\n{`);
  await drip(slow, 20);
  const [answer, ...more] = await slow.answers();
  t.deepEqual(more, []);
  t.is(answer?.status, 408);
  t.is(answer?.headers["x-request-id"], "slow");
  t.is(JSON.parse(answer!.body).detail, "the request wasn't there in time");
  t.like(await line({ requestId: "slow" }), { status: 408 });
  t.is((await requestJson(`${endpoint}/live`)).status, 200);
});

test("a body that there is no room for, and that never ends, has one answer, and its connection is closed", async (t) => {
  const { client } = await service(t, { headerMs: 100, requestMs: 200 }, { admission: { bytes: 10 } });
  const slow = await client(`${post}Content-Length: 1000\r\n\r\n${" ".repeat(50)}`);
  t.deepEqual(
    (await slow.answers()).map(({ status }) => status),
    [503],
  );
});

test("the time of a request ends no connection that is idle after one", async (t) => {
  const { client } = await service(t, { headerMs: 100, requestMs: 100, keepAliveMs: 60_000 });
  const patient = await client("GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
  await patient.first(1);
  // A connection that began later, and is silent, is over.
  await (await client()).answers();
  t.is((await (await patient.send("GET /live HTTP/1.1\r\nHost: x\r\n\r\n")).first(2))[1]?.status, 200);
});

test("a client that doesn't take its answer is cut off, and others are answered meanwhile", async (t) => {
  const cut = Promise.withResolvers<boolean>();
  const answer: RequestListener = (request, response) => {
    if (request.url === "/live") return void response.end();
    response.once("close", () => cut.resolve(response.writableFinished));
    // More than the system takes for a connection that isn't read.
    response.end(Buffer.alloc(2 ** 26));
  };
  const server = await listen(answer, "127.0.0.1", 0, { answerMs: 200 });
  t.teardown(() => server.drain(0));
  const endpoint = `http://127.0.0.1:${server.port}`;
  const stuck = new RawClient(endpoint).stopReading();
  t.teardown(() => stuck.destroy());
  await stuck.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  t.is((await requestJson(`${endpoint}/live`)).status, 200);
  t.false(await cut.promise);
});
