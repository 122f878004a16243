import { once } from "node:events";
import { createServer } from "node:net";
import test from "ava";
import { freePort } from "../../tests/free-port.ts";
import { answerWith, type Script, scriptedFeatureServer } from "../fixtures/scripted-feature-server.ts";
import { createFeatureServer } from "./feature-server.ts";

const ok: Script = (_, response) => answerWith(response, { fine: true });
const status =
  (code: number): Script =>
  (_, response) =>
    answerWith(response, '"Feature service nope does not exist"', code);
const silence: Script = () => {};
const halfAnAnswer: Script = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
  response.write('{"results": [', () => response.destroy());
};
const brokenOff: Script = (_, response) => void response.destroy();

/** Asks once, with its retries: the answer, or the error's message; and how many tries it took. */
async function ask(url: string, options: { timeoutMs?: number; retries?: number } = {}) {
  const server = createFeatureServer(url, { timeoutMs: 5000, retries: 2, ...options });
  let retries = 0;
  const answer = server.getOnlineFeatures("{}", new AbortController().signal, () => retries++);
  const told = await answer.catch((error: Error) => `${error.name}: ${error.message}`);
  return { told, retries };
}

for (const [title, script] of [
  ["status 500", status(500)],
  ["status 503", status(503)],
  ["status 429", status(429)],
  ["half an answer", halfAnAnswer],
  ["a connection that breaks off", brokenOff],
] as const) {
  test(`after ${title} it is asked again`, async (t) => {
    const { url, requests } = await scriptedFeatureServer(t, script, script, ok);
    t.deepEqual(await ask(url), { told: { fine: true }, retries: 2 });
    t.is(requests.length, 3);
  });

  test(`with nothing but ${title} it is given up after so many tries`, async (t) => {
    const { url, requests } = await scriptedFeatureServer(t, script);
    const { told, retries } = await ask(url);
    t.regex(String(told), /^FeatureServerError: POST http:\/\/127\.0\.0\.1:\d+\/get-online-features: /);
    t.deepEqual([retries, requests.length], [2, 3]);
  });
}

test("a server that doesn't answer in time is asked again, and then given up", async (t) => {
  const { url } = await scriptedFeatureServer(t, silence, ok);
  t.deepEqual(await ask(url, { timeoutMs: 300 }), { told: { fine: true }, retries: 1 });
  const slow = await scriptedFeatureServer(t, silence);
  const { told } = await ask(slow.url, { timeoutMs: 50, retries: 1 });
  t.regex(String(told), /no answer within 50 ms$/);
  t.is(slow.requests.length, 2);
});

test("a server that takes connections and says nothing is no way to wait forever", async (t) => {
  const mute = createServer().listen(0, "127.0.0.1");
  await once(mute, "listening");
  t.teardown(() => mute.close());
  const { port } = mute.address() as { port: number };
  const { told } = await ask(`http://127.0.0.1:${port}`, { timeoutMs: 50, retries: 0 });
  t.regex(String(told), /no answer within 50 ms$/);
});

test("nobody listens: refused, with the address", async (t) => {
  const port = await freePort();
  const { told, retries } = await ask(`http://127.0.0.1:${port}`);
  t.regex(String(told), new RegExp(`POST http://127\\.0\\.0\\.1:${port}/get-online-features: connect ECONNREFUSED`));
  t.is(retries, 2);
});

for (const [title, script, message] of [
  ["status 404", status(404), /got status 404: "\\"Feature service nope does not exist\\""$/],
  ["status 401", status(401), /got status 401/],
  ["no JSON", (_, response) => answerWith(response, "<html>"), /got no JSON: "<html>"$/],
] as const satisfies readonly (readonly [string, Script, RegExp])[])
  test(`an answer of ${title}, which another try wouldn't change, is given up at once`, async (t) => {
    const { url, requests } = await scriptedFeatureServer(t, script);
    const { told, retries } = await ask(url);
    t.regex(String(told), message);
    t.deepEqual([retries, requests.length], [0, 1]);
  });

test("requests one after another share a connection, and a path before Feast's is kept", async (t) => {
  const scripted = await scriptedFeatureServer(t, ok);
  const server = createFeatureServer(`${scripted.url}/feast`, { timeoutMs: 5000, retries: 0 });
  const signal = new AbortController().signal;
  for (let i = 0; i < 5; i++) await server.getOnlineFeatures("{}", signal, () => {});
  t.is(scripted.connections, 1);
  t.deepEqual(new Set(scripted.paths), new Set(["POST /feast/get-online-features"]));
});

test("what is called off isn't tried again", async (t) => {
  const off = new AbortController();
  const { url, requests } = await scriptedFeatureServer(t, () => off.abort());
  const server = createFeatureServer(url, { timeoutMs: 5000, retries: 5 });
  await t.throwsAsync(server.getOnlineFeatures("{}", off.signal, () => {}));
  t.is(requests.length, 1);
});
