import test, { type ExecutionContext } from "ava";
import { RawClient } from "../fixtures/raw-client.ts";
import { tinyService } from "../fixtures/tiny-service.ts";

const get = "GET /metadata HTTP/1.1\r\nHost: x\r\n\r\n";
const good = JSON.stringify({ inputs: { age: [1], income: [2] } });
const head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

async function service(t: ExecutionContext) {
  const { endpoint, serving, server } = await tinyService();
  const client = new RawClient(endpoint);
  t.teardown(() => client.destroy());
  const drain = () => {
    serving.drain();
    return server.drain(60_000);
  };
  return { client, drain };
}

for (const [title, status, body] of [
  ["a prediction", 200, good],
  ["a problem", 400, "{".repeat(good.length)],
] as const)
  test(`${title} that was asked for before the drain says that its connection closes, as it does`, async (t) => {
    const { client, drain } = await service(t);
    await client.send(get);
    t.is((await client.first(1))[0]?.headers.connection, "keep-alive");
    await client.send(`${head}Expect: 100-continue\r\nContent-Length: ${good.length}\r\n\r\n`);
    // From here on the request is known to have begun.
    t.is((await client.first(2))[1]?.status, 100);
    const drained = drain();
    await client.send(body);
    const last = (await client.answers()).at(-1)!;
    t.is(last.status, status);
    t.is(last.headers.connection, "close");
    await drained;
  });

for (const [title, status, request] of [
  ["a prediction", 200, `${head}Content-Length: ${good.length}\r\n\r\n${good}`],
  ["a malformed prediction", 400, `${head}Content-Length: 1\r\n\r\n{`],
  ["metadata", 200, get],
  ["an unknown path", 404, get.replace("metadata", "nowhere")],
] as const)
  test(`${title} asked for on a kept connection while draining is answered, and its connection closes`, async (t) => {
    const { client, drain } = await service(t);
    await client.send(get);
    await client.first(1);
    const drained = drain();
    await client.send(request);
    const last = (await client.answers()).at(-1)!;
    t.is(last.status, status);
    t.is(last.headers.connection, "close");
    await drained;
  });
