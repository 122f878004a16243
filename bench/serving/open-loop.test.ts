import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import test, { type ExecutionContext } from "ava";
import { runOpenLoop } from "./open-loop.ts";

async function serve(t: ExecutionContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test("requests go on coming while none is answered, each on a connection of its own", async (t) => {
  const waiting: (() => void)[] = [];
  const url = await serve(t, (request, response) => {
    request.resume();
    waiting.push(() => response.end("ok"));
    // Only the last one's arrival lets any of them go.
    if (waiting.length === 20) for (const answer of waiting) answer();
  });
  const outcomes = await runOpenLoop({ url, body: Buffer.from("{}"), rate: 200, seconds: 0.1, timeoutMs: 30_000 });
  t.deepEqual(
    outcomes.map(({ status }) => status),
    Array(20).fill(200),
  );
  t.true(outcomes[0]!.ms >= 90, "the first one waited for the last");
});

test("a refusal is told with its status and Retry-After", async (t) => {
  const url = await serve(t, (_, response) => response.writeHead(503, { "Retry-After": "2" }).end());
  const [outcome] = await runOpenLoop({ url, rate: 10, seconds: 0.1, timeoutMs: 30_000 });
  t.is(outcome!.status, 503);
  t.is(outcome!.retryAfter, "2");
});

for (const [title, listener, failure] of [
  ["a broken connection", ({ socket }, _) => socket.destroy(), "ECONNRESET"],
  [
    "an answer that breaks off",
    (_, response) => response.writeHead(200).write("begun", () => response.destroy()),
    "ECONNRESET",
  ],
  ["silence", () => {}, "no answer in time"],
  ["an answer that doesn't end", (_, response) => response.writeHead(200).write("begun"), "no answer in time"],
] as const satisfies readonly (readonly [string, (...args: Parameters<RequestListener>) => void, string])[])
  test(`${title} is told as what it is, without a status`, async (t) => {
    const url = await serve(t, listener);
    const outcomes = await runOpenLoop({
      url,
      rate: 20,
      seconds: 0.1,
      timeoutMs: failure === "ECONNRESET" ? 30_000 : 200,
    });
    t.deepEqual(
      outcomes.map(({ ms: _, ...outcome }) => outcome),
      [{ failure }, { failure }],
    );
  });

test("an abort ends it", async (t) => {
  const url = await serve(t, (_, response) => void response.end());
  const signal = AbortSignal.timeout(50);
  await t.throwsAsync(runOpenLoop({ url, rate: 10, seconds: 60, timeoutMs: 1000, signal }), { name: "AbortError" });
});
