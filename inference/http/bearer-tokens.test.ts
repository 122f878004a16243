import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import test, { type ExecutionContext } from "ava";
import { endpoints } from "../endpoints.ts";
import { logLines } from "../fixtures/log-lines.ts";
import { tinyService } from "../fixtures/tiny-service.ts";
import { requestJson } from "../request-json.ts";
import { BearerTokens } from "./bearer-tokens.ts";
import type { Endpoint } from "./endpoint.ts";

const [one, two, wrong] = ["a", "b", "c"].map((letter) => letter.repeat(32)) as [string, string, string];
const body = { inputs: { age: [1], income: [2] } };

async function service(t: ExecutionContext, tokens: readonly string[] = [one, two]) {
  const log = logLines();
  const started = await tinyService({ tokens: new BearerTokens(tokens), logger: log.logger, limits: log });
  t.teardown(started.close);
  const ask = (path: string, authorization?: string, method: "GET" | "POST" = "POST") =>
    requestJson(`${started.endpoint}${path}`, {
      method,
      ...(method === "POST" && { body }),
      ...(authorization !== undefined && { headers: { Authorization: authorization } }),
    });
  return { ...started, ...log, ask };
}

test("all endpoints but the probes need a token, and so do paths that there aren't", async (t) => {
  const { ask, serving } = await service(t);
  const all = endpoints(serving, { bodyLimit: 1, rowLimit: 1, ignoreUnknown: false });
  t.true(all.length >= 5);
  for (const { path, POST, probe, open } of [...all, { path: "/nowhere" } as Endpoint]) {
    const free = probe || open || false;
    const { status, body } = await ask(path.replaceAll(/\{\w+\}/g, "tiny"), undefined, POST ? "POST" : "GET");
    t.is(status === 401, !free, `${path}: ${status}`);
    if (!free) t.like(body, { type: "about:blank", title: "Unauthorized", status: 401 });
  }
});

test("each of several tokens opens it; the scheme's case doesn't matter", async (t) => {
  const { ask } = await service(t);
  for (const authorization of [`Bearer ${one}`, `Bearer ${two}`, `bearer ${two}`, `BEARER   ${one}`])
    t.is((await ask("/predict", authorization)).status, 200, authorization);
});

for (const [title, authorization, challenge] of [
  ["no token", undefined, "Bearer"],
  ["another token", `Bearer ${wrong}`, 'Bearer error="invalid_token"'],
  ["a token's begin", `Bearer ${one.slice(1)}`, 'Bearer error="invalid_token"'],
  ["a token and more", `Bearer ${one}a`, 'Bearer error="invalid_token"'],
  ["two tokens", `Bearer ${one} ${two}`, 'Bearer error="invalid_token"'],
  ["another scheme", `Basic ${one}`, 'Bearer error="invalid_token"'],
  ["no scheme", one, 'Bearer error="invalid_token"'],
  ["an empty header", "", 'Bearer error="invalid_token"'],
  ["an endless token", `Bearer ${"a".repeat(10_000)}`, 'Bearer error="invalid_token"'],
] as const)
  test(`${title} is 401 and says what is wanted`, async (t) => {
    const { endpoint } = await service(t);
    const response = await fetch(`${endpoint}/metadata`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    t.is(response.status, 401);
    t.is(response.headers.get("www-authenticate"), challenge);
    t.is(response.headers.get("content-type"), "application/problem+json");
  });

test("what isn't let in isn't read: a wrong body is 401, too", async (t) => {
  const { endpoint } = await service(t);
  t.is((await fetch(`${endpoint}/predict`, { method: "POST", body: "{" })).status, 401);
});

test("others count as soon as tokens are replaced", async (t) => {
  const tokens = new BearerTokens([one]);
  tokens.replace([two]);
  t.deepEqual([tokens.has(one), tokens.has(two)], [false, true]);
});

test("no log line holds a token, right or wrong", async (t) => {
  const { ask, lines, serving } = await service(t);
  serving.serve({ ...serving.model!, predict: () => Promise.reject(new Error("fault")) });
  for (const token of [one, two, wrong]) await ask("/predict", `Bearer ${token}`);
  t.true(lines.length > 3);
  for (const token of [one, two, wrong]) t.false(JSON.stringify(lines).includes(token));
});

test.serial("a token is compared with all of them in constant time, whichever it is", (t) => {
  const { timingSafeEqual } = crypto;
  let compared = 0;
  crypto.timingSafeEqual = (a, b) => {
    compared++;
    return timingSafeEqual(a, b);
  };
  syncBuiltinESMExports();
  t.teardown(() => {
    crypto.timingSafeEqual = timingSafeEqual;
    syncBuiltinESMExports();
  });
  const tokens = new BearerTokens([one, two, "d".repeat(40)]);
  for (const token of [one, two, wrong, ""]) {
    compared = 0;
    t.is(tokens.has(token), token === one || token === two);
    t.is(compared, 3);
  }
});
