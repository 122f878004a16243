import test, { type ExecutionContext } from "ava";
import { RawClient } from "../fixtures/raw-client.ts";
import { type TinyService, tinyService } from "../fixtures/tiny-service.ts";
import { requestJson } from "../request-json.ts";

let service: TinyService;
test.before(async () => {
  service = await tinyService({ bodyLimit: 1000, limits: { headerBytes: 4096 } });
});
test.after.always(() => service.close());

const post = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
const good = JSON.stringify({ inputs: { age: [1], income: [2] } });
const whole = `${post}Content-Length: ${good.length}\r\n\r\n${good}`;
const chunked = (...chunks: string[]) =>
  `${post}Transfer-Encoding: chunked\r\n\r\n${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("")}`;

async function stillServes(t: ExecutionContext) {
  t.is((await requestJson(`${service.endpoint}/predict`, { body: JSON.parse(good) })).status, 200);
}

/** All that comes back, until the service closes the connection. */
async function send(t: ExecutionContext, ...parts: (string | Uint8Array)[]) {
  const client = await new RawClient(service.endpoint).send(...parts);
  t.teardown(() => client.destroy());
  return client.answers();
}

for (const [title, status, bytes] of [
  ["a head that is too long", 431, `GET /live HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(5000)}\r\n\r\n`],
  ["a head of a megabyte", 431, `GET /live HTTP/1.1\r\nHost: x\r\n${`A: ${"a".repeat(1000)}\r\n`.repeat(1000)}\r\n`],
  ["a target that is too long", 431, `GET /${"a".repeat(5000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  [
    "Content-Length beside Transfer-Encoding",
    400,
    `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ["two lengths", 400, `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
  ["two different lengths", 400, `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `],
  ["a negative length", 400, `${post}Content-Length: -1\r\n\r\n`],
  ["a length that is no number", 400, `${post}Content-Length: 0x10\r\n\r\n`],
  ["a length beyond 64 bits", 400, `${post}Content-Length: 99999999999999999999\r\n\r\n`],
  ["a transfer encoding that isn't chunked", 400, `${post}Transfer-Encoding: gzip\r\n\r\n`],
  ["chunked before another encoding", 400, `${post}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
  ["a chunk whose length is no number", 400, `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
  ["a chunk longer than it says", 400, `${post}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`],
  [
    "chunk extensions that are too long",
    413,
    `${post}Transfer-Encoding: chunked\r\n\r\n2;${"a".repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  ],
  ["lines that end in LF alone", 400, "GET /live HTTP/1.1\nHost: x\n\n"],
  ["a line folded into the next", 400, "GET /live HTTP/1.1\r\nHost: x\r\nA: a\r\n b\r\n\r\n"],
  ["a space before a header's colon", 400, "GET /live HTTP/1.1\r\nHost : x\r\n\r\n"],
  ["a zero byte in the target", 400, "GET /li\0ve HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a zero byte in a header", 400, "GET /live HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n"],
  ["a method that is none", 400, "PREDICT /live HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a method in lower case", 400, "get /live HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["another version of HTTP", 400, "GET /live HTTP/3.0\r\nHost: x\r\n\r\n"],
  ["the preface of HTTP/2", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"],
  ["the begin of TLS", 400, Buffer.from("16030100c8010000c40303", "hex")],
  ["no HTTP at all", 400, "hello\r\n\r\n"],
  ["CONNECT", 405, "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n"],
] as const)
  test(`${title}: one answer of ${status} as a problem, then the connection is closed`, async (t) => {
    const answers = await send(t, bytes);
    t.is(answers.length, 1);
    const { headers, body } = answers[0]!;
    t.is(answers[0]!.status, status);
    t.like(headers, {
      "content-type": "application/problem+json",
      connection: "close",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    const problem = JSON.parse(body);
    t.deepEqual(Object.keys(problem), ["type", "title", "status", "detail"]);
    t.is(problem.status, status);
    t.notRegex(problem.detail, /HPE_|\.[jt]s|node/);
    await stillServes(t);
  });

for (const [title, status, ...parts] of [
  ["a body in chunks", 200, chunked(good.slice(0, 5), good.slice(5)), "0\r\n\r\n"],
  [
    "chunks with extensions and a trailer",
    200,
    `${post}Transfer-Encoding: chunked\r\n\r\n`,
    `${good.length.toString(16)};a=b\r\n${good}\r\n0\r\nA: b\r\n\r\n`,
  ],
  ["a target with scheme and host", 200, whole.replace("/predict", "http://example.com/predict?x")],
  ["a target with scheme and host and no path", 404, "GET http://example.com HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["OPTIONS *", 404, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["TRACE", 405, "TRACE /predict HTTP/1.1\r\nHost: x\r\n\r\n"],
  [
    "a request to upgrade, which is passed over",
    200,
    "GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  ],
  ["an expectation that isn't known, which is passed over", 200, whole.replace("Host", "Expect: a-miracle\r\nHost")],
  ["no Host", 400, "GET /live HTTP/1.1\r\n\r\n"],
  ["a GET with a body", 200, "GET /live HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"],
] as const)
  test(`${title}: ${status}, and the connection is good for another request`, async (t) => {
    const client = await new RawClient(service.endpoint).send(...parts);
    t.teardown(() => client.destroy());
    const [answer] = await client.first(1);
    t.is(answer?.status, status, answer?.body);
    if (status !== 200) t.is(JSON.parse(answer!.body).status, status);
    await client.send("GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
    t.is((await client.first(2))[1]?.status, 200);
  });

test("HTTP/1.0 needs no Host, and gets a closed connection unless it asks for another", async (t) => {
  const [answer] = await send(t, "GET /live HTTP/1.0\r\n\r\n");
  t.is(answer?.status, 200);
  t.is(answer?.headers.connection, "close");
  const client = await new RawClient(service.endpoint).send("GET /live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  t.teardown(() => client.destroy());
  t.is((await client.first(1))[0]?.headers.connection, "keep-alive");
});

test("a client that asks whether to go on with its body is told so, then answered", async (t) => {
  const [head, body] = whole.split("\r\n\r\n") as [string, string];
  const client = await new RawClient(service.endpoint).send(`${head}\r\nExpect: 100-continue\r\n\r\n`);
  t.teardown(() => client.destroy());
  t.is((await client.first(1))[0]?.status, 100);
  await client.send(body);
  t.is((await client.first(2))[1]?.status, 200);
});

test("chunks beyond the limit of a body are 413, and the connection is closed", async (t) => {
  const chunks = Array.from({ length: 11 }, () => " ".repeat(100));
  const [answer] = await send(t, chunked(...chunks), "0\r\n\r\n");
  t.is(answer?.status, 413);
  t.is(answer?.headers.connection, "close");
});

test("requests sent at once are answered in their order", async (t) => {
  const client = await new RawClient(service.endpoint).send(
    `${whole}GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n${whole}GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  t.deepEqual(
    (await client.answers()).map(({ status }) => status),
    [200, 404, 200, 200],
  );
});

test("what is wrong after a good request is answered after it", async (t) => {
  const answers = await send(t, `${whole}${whole}nonsense\r\n\r\n`);
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 400],
  );
  t.regex(answers[0]!.body, /"predictions"/);
});

test("a body that is wrong has one answer, the one of its request, which is logged", async (t) => {
  const [answer, ...more] = await send(t, `${post}X-Request-Id: abc\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`);
  t.is(answer?.status, 400);
  t.is(answer?.headers["x-request-id"], "abc");
  t.deepEqual(more, []);
});

test("after the answer to a request whose body is wrong there is no second one", async (t) => {
  const answers = await send(t, "POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  t.deepEqual(
    answers.map(({ status }) => status),
    [404],
  );
});

test("a client that ends in the middle of its body, and reads on, is told so", async (t) => {
  const client = await new RawClient(service.endpoint).send(`${post}Content-Length: 50\r\n\r\n{`);
  const [answer] = await client.endSending().answers();
  t.is(answer?.status, 400);
  t.regex(answer!.body, /the request broke off/);
});
