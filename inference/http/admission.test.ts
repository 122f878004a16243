import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import test, { type ExecutionContext } from "ava";
import { tinyService } from "../fixtures/tiny-service.ts";
import { requestJson } from "../request-json.ts";

const inputs = { age: [1], income: [2] };
const head = (length: number) =>
  `POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

async function service(t: ExecutionContext, options: Parameters<typeof tinyService>[0]) {
  const started = await tinyService(options);
  t.teardown(started.close);
  return started;
}

/** A connection on which a prediction has begun: its head has come, and the first part of its body. */
async function begun({ endpoint }: { endpoint: string }, length: number, part: string) {
  const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(head(length) + part);
  return socket;
}

/** Asks until the answer has another status than 200. */
async function refused(endpoint: string): Promise<Response> {
  for (;;) {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${endpoint}/predict`, { method: "POST", headers, body: JSON.stringify({ inputs }) });
    if (answer.status !== 200) return answer;
    await answer.text();
  }
}

test("beyond the requests that may wait, one more is 503 with Retry-After; probes and the rest are answered", async (t) => {
  const started = await service(t, { admission: { requests: 1 } });
  const waiting = await begun(started, 100, "{");
  const answer = await refused(started.endpoint);
  t.is(answer.status, 503);
  t.is(answer.headers.get("retry-after"), "1");
  t.is(answer.headers.get("content-type"), "application/problem+json");
  for (const path of ["/health", "/metadata"]) t.is((await requestJson(started.endpoint + path)).status, 200);
  waiting.destroy();
  for (let status = 503; status !== 200; )
    ({ status } = await requestJson(`${started.endpoint}/predict`, { body: { inputs } }));
  t.pass("the one that went away has made room");
});

test("beyond the bytes that may wait, one more is 503, and a body that would go beyond them, too", async (t) => {
  const body = JSON.stringify({ inputs });
  const started = await service(t, { admission: { bytes: 1000 } });
  const waiting = await begun(started, 2000, " ".repeat(990));
  t.is((await refused(started.endpoint)).status, 503);
  waiting.write(" ".repeat(2000 - 990));
  t.regex(await text(waiting), /^HTTP\/1.1 503 /);
  t.is((await requestJson(`${started.endpoint}/predict`, { body: JSON.parse(body) })).status, 200);
});

test("beyond the rows that may wait, one more is 503", async (t) => {
  const { endpoint, serving } = await service(t, { admission: { rows: 5 } });
  const model = serving.model!;
  const ask = () => requestJson(`${endpoint}/predict`, { body: { inputs } });
  serving.serve({ ...model, queuedRows: 5 });
  t.is((await ask()).status, 503);
  serving.serve({ ...model, queuedRows: 4 });
  t.is((await ask()).status, 200);
});
