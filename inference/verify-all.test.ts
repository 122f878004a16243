import test, { type ExecutionContext } from "ava";
import type { Expectation } from "../mlflow/expectation.ts";
import { sha256Hex } from "../mlflow/model-folder.ts";
import { tinyArtifact } from "./fixtures/tiny-classifier.ts";
import { type TinyService, tinyService } from "./fixtures/tiny-service.ts";
import { BearerTokens } from "./http/bearer-tokens.ts";
import { lookUpEndpoints, verifyAll } from "./verify-all.ts";

const { onnx, golden } = tinyArtifact(0.1);
const expectation: Expectation = { modelName: "tiny", modelVersion: "1", sha256: sha256Hex(onnx), golden };

/** One service a bias. */
async function services(t: ExecutionContext, ...biases: number[]): Promise<TinyService[]> {
  const started = await Promise.all(biases.map((bias) => tinyService({ bias })));
  for (const { close } of started) t.teardown(close);
  return started;
}

const endpointsOf = (started: readonly TinyService[]) => started.map(({ endpoint }) => endpoint);
const soon = { expectation, pauseMs: 1, timeoutMs: 0 };

test("instances that all are what was expected are proven", async (t) => {
  const endpoints = endpointsOf(await services(t, 0.1, 0.1, 0.1));
  t.deepEqual(await verifyAll({ ...soon, resolve: async () => endpoints }), endpoints);
});

test("one that isn't is named, with what was expected and what came", async (t) => {
  const endpoints = endpointsOf(await services(t, 0.1, 0.2, 0.1));
  const other = `http://127.0.0.1:${new URL(endpoints[1]!).port}/metadata: expected model_sha256 ${expectation.sha256}`;
  const error = await t.throwsAsync(verifyAll({ ...soon, resolve: async () => endpoints }));
  t.true(error?.message.startsWith("not proven within 0 s: 1 of 3 instances didn't pass, the first: "), error?.message);
  t.true(error?.message.includes(other), error?.message);
});

test("no instance is no proof", async (t) => {
  const message = "not proven within 0 s: expected at least one ready instance, got none";
  await t.throwsAsync(verifyAll({ ...soon, resolve: async () => [] }), { message });
});

test("a name that leads nowhere is no proof", async (t) => {
  const resolve = async () => Promise.reject(new Error("getaddrinfo ENOTFOUND pods"));
  const message = /expected at least one ready instance, got none: getaddrinfo ENOTFOUND pods/;
  await t.throwsAsync(verifyAll({ ...soon, resolve }), { message });
});

test("an old instance that drains and goes away, and a new one that comes, end in a proof", async (t) => {
  const [old, next] = (await services(t, 0.2, 0.1)) as [TinyService, TinyService];
  const rounds = [
    async () => [],
    async () => endpointsOf([old, next]),
    async () => {
      old.serving.drain();
      return endpointsOf([old, next]);
    },
    async () => {
      await old.close();
      return endpointsOf([old, next]);
    },
    async () => endpointsOf([next]),
  ];
  const resolve = () => rounds.shift()!();
  t.deepEqual(await verifyAll({ ...soon, timeoutMs: 60_000, resolve }), [next.endpoint]);
  t.is(rounds.length, 0);
});

test("instances that ask for a token are shown the one that counts at the time: it may change meanwhile", async (t) => {
  const [before, after] = ["a".repeat(32), "b".repeat(32)];
  const service = await tinyService({ bias: 0.1, tokens: new BearerTokens([after]) });
  t.teardown(service.close);
  const shown = [before, after];
  const options = { ...soon, timeoutMs: 60_000, resolve: async () => [service.endpoint] };
  t.deepEqual(await verifyAll({ ...options, token: async () => shown.shift() }), [service.endpoint]);
  t.is(shown.length, 0);
});

test("a name leads to all of its addresses, each as a base address", async (t) => {
  t.deepEqual(await lookUpEndpoints("127.0.0.1", 8080), ["http://127.0.0.1:8080"]);
  t.deepEqual(await lookUpEndpoints("::1", 80), ["http://[::1]:80"]);
});
