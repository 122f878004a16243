import test, { type ExecutionContext } from "ava";
import { tinyService } from "../fixtures/tiny-service.ts";

async function service(t: ExecutionContext) {
  const { endpoint, close } = await tinyService();
  t.teardown(close);
  return endpoint;
}

const body = JSON.stringify({ inputs: { age: [1], income: [2] } });
const json = { "Content-Type": "application/json" };
for (const [title, path, init] of [
  ["a prediction", "/predict", { method: "POST", body, headers: json }],
  ["a problem of a prediction", "/predict", { method: "POST", body: "{", headers: json }],
  ["metadata", "/metadata", {}],
  ["a probe", "/health", {}],
  ["an unknown path", "/nowhere", {}],
] as const)
  test(`${title} is kept by nobody, runs nothing, and says nothing of what answers`, async (t) => {
    const { headers } = await fetch((await service(t)) + path, init);
    t.is(headers.get("x-content-type-options"), "nosniff");
    t.is(headers.get("cache-control"), "no-store");
    t.is(headers.get("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    t.is(headers.get("server"), null);
    t.is(headers.get("x-powered-by"), null);
  });
