import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { type RawAnswer, RawClient } from "../fixtures/raw-client.ts";
import { type TinyService, tinyService } from "../fixtures/tiny-service.ts";

let service: TinyService;
test.before(async () => {
  service = await tinyService({ rowLimit: 50, bodyLimit: 5000, limits: { headerBytes: 4096 } });
});
test.after.always(() => service.close());

const project = new URL("../..", import.meta.url).pathname;

/** An answer to what a client did: no failure of the service, and a problem where it isn't what was asked for. */
function assertAnswer(t: ExecutionContext, { status, headers, body }: RawAnswer) {
  t.true(status < 500, `${status}: ${body}`);
  t.false(body.includes(project) || /\n\s+at /.test(body), body);
  if (status < 400) return;
  t.is(headers["content-type"], "application/problem+json");
  // HEAD's.
  if (body === "") return;
  const { type, title, detail, errors, ...rest } = JSON.parse(body);
  t.deepEqual(rest, { status });
  for (const text of [type, title, detail]) t.is(typeof text, "string");
  for (const { path, problem, feature = "", expected, received, ...more } of errors ?? []) {
    for (const text of [path, problem, feature, expected, received]) t.is(typeof text, "string");
    t.deepEqual(more, {});
  }
}

/** What comes back for bytes, once the service has closed the connection; the next client is served. */
async function send(t: ExecutionContext, ...parts: (string | Uint8Array)[]): Promise<readonly RawAnswer[]> {
  const client = await new RawClient(service.endpoint).send(...parts);
  const answers = await client.endSending().answers();
  for (const answer of answers) assertAnswer(t, answer);
  const [next] = await (await new RawClient(service.endpoint).send(live)).answers();
  t.is(next?.status, 200);
  return answers;
}

const live = "GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const method = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("GET", "HEAD", "POST") },
  fc.constantFrom("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "M-SEARCH", "QUERY"),
);
const target = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("/predict", "/batch_predict", "/metadata", "/health", "/live") },
  fc.stringMatching(/^[!-~]{1,60}$/),
  fc.webPath().map((path) => path || "/"),
  fc.webUrl({ withQueryParameters: true }),
);
const value = fc.stringMatching(/^[ -~\x80-\xff]{0,60}$/);
const headers = fc.record(
  {
    "Content-Type": fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("application/json", "application/json; charset=utf-8") },
      fc.constantFrom("application/json; charset=utf-16", "text/csv", "application/octet-stream", "application/JSON;"),
      value,
    ),
    "Content-Encoding": fc.oneof(fc.constantFrom("identity", "gzip", "br"), value),
    Accept: value,
    Authorization: value,
    Cookie: value,
    Expect: fc.oneof(fc.constant("100-continue"), value),
    Origin: value,
    "Inference-Header-Content-Length": fc.oneof(fc.integer().map(String), value),
    Range: value,
    Traceparent: value,
    Upgrade: value,
    "X-Request-Id": value,
    "X-HTTP-Method-Override": method,
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.json().map((json) => Buffer.from(json)),
  fc.string({ unit: "binary", maxLength: 100 }).map((text) => Buffer.from(text, "utf16le")),
  fc
    .constantFrom(
      '{"inputs":{"age":[1],"income":[2]}}',
      '{"inputs":{"age":[1e999],"income":[-1e999]}}',
      `{"inputs":${"[".repeat(2000)}${"]".repeat(2000)}}`,
      `{"instances":[${'{"age":'.repeat(500)}1${"}".repeat(500)}]}`,
      '{"inputs":{"__proto__":[1],"constructor":{"prototype":[2]}}}',
      '{"inputs":{"\\ud800":["\\udfff"]}}',
    )
    .map((text) => Buffer.from(text)),
);

test("whatever method, path, headers and body a request has, its answer is no failure, and a problem has its shape", async (t) => {
  await fc.assert(
    fc.asyncProperty(method, target, headers, body, async (method, target, headers, body) => {
      const lines = Object.entries({ ...headers, "Content-Length": body.length, Connection: "close" });
      const head = [`${method} ${target} HTTP/1.1`, "Host: x", ...lines.map(([name, value]) => `${name}: ${value}`)];
      const client = await new RawClient(service.endpoint).send(
        Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"),
        body,
      );
      const answers = (await client.answers(method !== "HEAD")).filter(({ status }) => status !== 100);
      t.is(answers.length, 1, `${JSON.stringify(head)} ${Buffer.from(body).toString("base64")}`);
      assertAnswer(t, answers[0]!);
    }),
    { numRuns: 1000 },
  );
});

test("whatever bytes come, nothing fails or hangs, and the next client is served", async (t) => {
  const word = fc.constantFrom(
    ...[
      "GET ",
      "POST ",
      "HEAD ",
      "CONNECT ",
      "/predict",
      "/live",
      "*",
      " HTTP/1.1\r\n",
      " HTTP/1.0\r\n",
      " HTTP/2.0\r\n",
    ],
    ...[
      "Host: x\r\n",
      "Host:\r\n",
      "Content-Type: application/json\r\n",
      "Content-Length: 2\r\n",
      "Content-Length: 0\r\n",
    ],
    ...[
      "Transfer-Encoding: chunked\r\n",
      "Connection: close\r\n",
      "Connection: keep-alive\r\n",
      "Connection: upgrade\r\n",
    ],
    ...[
      "Expect: 100-continue\r\n",
      "Upgrade: h2c\r\n",
      "\r\n",
      "\n",
      "\r",
      "\0",
      ": ",
      "{}",
      "2\r\n{}\r\n",
      "0\r\n\r\n",
    ],
    ...[
      "POST /predict HTTP/1.1\r\nHost: x\r\n",
      "GET /live HTTP/1.1\r\nHost: x\r\n\r\n",
      "ffffffffffffffff\r\n",
      "-1\r\n",
    ],
  );
  const part = fc.oneof({ weight: 4, arbitrary: word }, fc.uint8Array({ maxLength: 30 }));
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 20 }), async (parts) => {
      await send(t, ...parts);
    }),
    { numRuns: 1000 },
  );
});
