import { connect } from "node:net";
import { text } from "node:stream/consumers";
import test, { type ExecutionContext } from "ava";
import { tinyService } from "../fixtures/tiny-service.ts";
import { requestJson } from "../request-json.ts";

async function service(t: ExecutionContext, options: Parameters<typeof tinyService>[0] = {}) {
  const started = await tinyService(options);
  t.teardown(started.close);
  return started;
}

/** The answer to bytes as they are, until the service closes the connection. */
function raw(endpoint: string, ...parts: (string | Buffer)[]): Promise<string> {
  const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
  for (const part of parts) socket.write(part);
  return text(socket);
}

const head = "POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
for (const [title, status, detail, ...parts] of [
  ["malformed JSON", 400, "isn't JSON", head, "Content-Type: application/json\r\nContent-Length: 1\r\n\r\n{"],
  ["an empty body", 400, "isn't JSON", head, "Content-Type: application/json\r\nContent-Length: 0\r\n\r\n"],
  [
    "bytes that aren't UTF-8",
    400,
    "isn't UTF-8",
    head,
    "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n",
    Buffer.of(0xc3, 0x28),
  ],
  ["another content type", 415, "got text/csv", head, "Content-Type: text/csv\r\nContent-Length: 1\r\n\r\n1"],
  ["no content type", 415, "got none", head, "Content-Length: 2\r\n\r\n{}"],
  [
    "another charset",
    415,
    "charset utf-16",
    head,
    "Content-Type: application/json; charset=utf-16\r\nContent-Length: 2\r\n\r\n{}",
  ],
  [
    "a compressed body",
    415,
    "got gzip",
    head,
    "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
  ],
  [
    "a body over the limit",
    413,
    "at most 100 bytes",
    head,
    "Content-Type: application/json\r\nContent-Length: 200\r\n\r\n",
    " ".repeat(200),
  ],
  [
    "a body far over the limit",
    413,
    "at most 100 bytes",
    head,
    "Content-Type: application/json\r\nContent-Length: 2000\r\n\r\n",
    " ".repeat(1000),
  ],
  ["an unknown path", 404, "/batch_predict", "GET /nope?x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
  [
    "a request target that is no URL",
    404,
    "no such path",
    "GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  ],
  [
    "another method",
    405,
    "/predict takes POST, got GET",
    "GET /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
  ],
] as const)
  test(`${title} is ${status}`, async (t) => {
    const { endpoint } = await service(t, { bodyLimit: 100 });
    const answer = await raw(endpoint, ...parts);
    t.true(answer.startsWith(`HTTP/1.1 ${status} `), answer);
    t.regex(answer, /Content-Type: application\/problem\+json/);
    t.true(answer.includes(detail), answer);
  });

test("a 405 says what is allowed", async (t) => {
  const { endpoint } = await service(t, { loaded: false });
  const answer = await raw(endpoint, "DELETE /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  t.regex(answer, /Allow: GET/);
});

test("a client that goes away in the middle of its body does no harm", async (t) => {
  const { endpoint } = await service(t);
  const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
  await new Promise((resolve) =>
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{`, resolve),
  );
  socket.destroy();
  t.is((await requestJson(`${endpoint}/predict`, { body: { inputs: { age: [1], income: [2] } } })).status, 200);
});
