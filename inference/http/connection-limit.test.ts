import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import test, { type ExecutionContext } from "ava";
import { logLines } from "../fixtures/log-lines.ts";
import { RawClient } from "../fixtures/raw-client.ts";
import { tinyService } from "../fixtures/tiny-service.ts";

/** Connections that are taken above the limit. */
const spare = 64;
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

async function service(t: ExecutionContext, connections: number) {
  const { logger, line } = logLines();
  const { endpoint, server, close } = await tinyService({ limits: { connections, logger } });
  t.teardown(close);
  const client = () => {
    const raw = new RawClient(endpoint);
    t.teardown(() => raw.destroy());
    return raw;
  };
  /** Clients that have had an answer, and stay. */
  const connected = async (count: number) => {
    const clients = Array.from({ length: count }, client);
    for (const raw of clients) await (await raw.send(get("/live"))).first(1);
    return clients;
  };
  return { endpoint, server, client, connected, line };
}

async function stillServed(t: ExecutionContext, raw: RawClient) {
  const before = await raw.first(1);
  t.is((await (await raw.send(get("/metadata"))).first(before.length + 1)).at(-1)?.status, 200);
}

test("a connection above the limit is told 503 and closed, and those below are served on", async (t) => {
  const { client, connected } = await service(t, 2);
  const [one, two] = (await connected(2)) as [RawClient, RawClient];
  const [answer] = await (await client().send(get("/metadata"))).answers();
  t.is(answer?.status, 503);
  t.like(answer?.headers, { connection: "close", "retry-after": "1", "content-type": "application/problem+json" });
  for (const raw of [one, two]) await stillServed(t, raw);
});

test("probes are answered above the limit: a service that is busy is alive", async (t) => {
  const { client, connected } = await service(t, 1);
  await connected(1);
  for (const path of ["/live", "/health"]) {
    const [answer] = await (await client().send(get(path))).answers();
    t.is(answer?.status, 200);
    t.is(answer?.headers.connection, "close");
  }
});

test("when a connection has gone, another has its place", async (t) => {
  const { connected, endpoint, client } = await service(t, 1);
  const [one] = (await connected(1)) as [RawClient];
  const refused = await client().send(get("/metadata"));
  await refused.answers();
  one.destroy();
  for (;;) {
    const next = new RawClient(endpoint);
    t.teardown(() => next.destroy());
    const [answer] = await (await next.send(get("/metadata"))).first(1);
    // The service may not have seen yet that the first has gone.
    if (answer?.status === 503) continue;
    await stillServed(t, next);
    break;
  }
});

test("far above the limit connections are dropped, which is logged, and those below are served on", async (t) => {
  const { client, connected, line } = await service(t, 1);
  const [one] = (await connected(1)) as [RawClient];
  // Silent ones, that stay.
  const silent = Array.from({ length: spare }, client);
  t.deepEqual(await (await client().send(get("/live"))).answers(), []);
  t.like(await line({ msg: "too many connections" }), { dropped: 1, limit: 1 });
  t.false(silent.some(({ isClosed }) => isClosed));
  await stillServed(t, one);
});

test("connections that another process accepted count, too", async (t) => {
  const { server, connected, line } = await service(t, 1);
  const [one] = (await connected(1)) as [RawClient];
  const front = createServer((socket) => server.adopt(socket)).listen(0, "127.0.0.1");
  t.teardown(() => front.close());
  await once(front, "listening");
  const client = () => {
    const raw = new RawClient(`http://127.0.0.1:${(front.address() as AddressInfo).port}`);
    t.teardown(() => raw.destroy());
    return raw;
  };
  t.is((await (await client().send(get("/metadata"))).answers())[0]?.status, 503);
  const silent = Array.from({ length: spare }, client);
  t.deepEqual(await (await client().send(get("/live"))).answers(), []);
  t.false(silent.some(({ isClosed }) => isClosed));
  await line({ msg: "too many connections" });
  await stillServed(t, one);
});
