import test, { type ExecutionContext } from "ava";
import { tinyService } from "../fixtures/tiny-service.ts";
import { BearerTokens } from "./bearer-tokens.ts";

const origin = "https://app.example.com";
const body = JSON.stringify({ inputs: { age: [1], income: [2] } });
const json = { "Content-Type": "application/json" };
const preflight = { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization" };

async function service(t: ExecutionContext, corsOrigins: readonly string[], token?: string) {
  const { endpoint, close } = await tinyService({ corsOrigins, ...(token && { tokens: new BearerTokens([token]) }) });
  t.teardown(close);
  return (path: string, init: RequestInit = {}) => fetch(endpoint + path, init);
}

/** The headers of an answer that speak of origins. */
function cors({ headers }: Response) {
  return Object.fromEntries([...headers].filter(([name]) => name === "vary" || name.startsWith("access-control-")));
}

const allowed = {
  "access-control-allow-origin": origin,
  "access-control-expose-headers": "X-Request-Id, Retry-After, Inference-Header-Content-Length",
  vary: "Origin",
};

test("without origins no answer speaks of them, and what asks first is refused", async (t) => {
  const ask = await service(t, []);
  t.deepEqual(cors(await ask("/metadata", { headers: { origin } })), {});
  const asked = await ask("/predict", { method: "OPTIONS", headers: { origin, ...preflight } });
  t.is(asked.status, 405);
  t.deepEqual(cors(asked), {});
});

test("an origin of the list may read answers and problems, of predictions and all else", async (t) => {
  const ask = await service(t, ["https://other.example.com", origin]);
  for (const [path, init, status] of [
    ["/predict", { method: "POST", body, headers: { origin, ...json } }, 200],
    ["/predict", { method: "POST", body: "{", headers: { origin, ...json } }, 400],
    ["/metadata", { headers: { origin } }, 200],
    ["/nowhere", { headers: { origin } }, 404],
    ["/predict", { headers: { origin } }, 405],
  ] as const) {
    const answer = await ask(path, init);
    t.is(answer.status, status);
    t.deepEqual(cors(answer), allowed);
  }
});

for (const other of [
  "https://app.example.com.evil.example",
  "http://app.example.com",
  "https://app.example.com:444",
  "null",
])
  test(`the origin ${other} isn't that of the list`, async (t) => {
    const ask = await service(t, [origin]);
    t.deepEqual(cors(await ask("/metadata", { headers: { origin: other } })), { vary: "Origin" });
    const asked = await ask("/predict", { method: "OPTIONS", headers: { origin: other, ...preflight } });
    t.is(asked.status, 405);
    t.deepEqual(cors(asked), { vary: "Origin" });
  });

test("what asks first is told what it may send, before it has a token, and never cookies", async (t) => {
  const token = "a".repeat(32);
  const ask = await service(t, [origin], token);
  const asked = await ask("/predict", { method: "OPTIONS", headers: { origin, ...preflight } });
  t.is(asked.status, 204);
  t.deepEqual(cors(asked), {
    ...allowed,
    "access-control-allow-methods": "POST",
    "access-control-allow-headers":
      "Authorization, Content-Type, X-Request-Id, traceparent, tracestate, Inference-Header-Content-Length",
    "access-control-max-age": "600",
  });
  const refused = await ask("/predict", { method: "POST", body, headers: { origin, ...json } });
  t.is(refused.status, 401);
  t.deepEqual(cors(refused), allowed);
  const headers = { origin, ...json, authorization: `Bearer ${token}` };
  t.is((await ask("/predict", { method: "POST", body, headers })).status, 200);
});

test("OPTIONS that asks for nothing is answered as ever", async (t) => {
  const ask = await service(t, [origin]);
  t.is((await ask("/predict", { method: "OPTIONS", headers: { origin } })).status, 405);
  t.is((await ask("/nowhere", { method: "OPTIONS", headers: { origin, ...preflight } })).status, 404);
});

test("* is every origin, and the answer is the same for all", async (t) => {
  const ask = await service(t, ["*"]);
  for (const any of [origin, "null"])
    t.deepEqual(cors(await ask("/metadata", { headers: { origin: any } })), {
      "access-control-allow-origin": "*",
      "access-control-expose-headers": allowed["access-control-expose-headers"],
    });
});

test("who sends no origin gets the same answer, and caches are told that it depends on it", async (t) => {
  t.deepEqual(cors(await (await service(t, [origin]))("/metadata")), { vary: "Origin" });
});
