import test, { type ExecutionContext } from "ava";
import { tinyService } from "../../inference/fixtures/tiny-service.ts";
import { answer, type Step, scriptedService } from "../scripted-service.ts";
import {
  InferenceError,
  InferenceTimeoutError,
  InvalidFeaturesError,
  MLInferenceClient,
  ServiceUnavailableError,
} from "./client.ts";

const rows = { age: [0, 1], income: [0.1, 0.9] };
const busy = answer(503, { detail: "too many predictions wait already" }, { "Retry-After": "0" });
const done = answer(200, { predictions: [1] });

async function scripted(t: ExecutionContext, ...steps: [Step, ...Step[]]) {
  const service = await scriptedService(...steps);
  t.teardown(service.close);
  return service;
}

test("the client gets from a service what it answers", async (t) => {
  const { endpoint, close } = await tinyService({ bias: 0.1 });
  t.teardown(close);
  const client = new MLInferenceClient(`${endpoint}/`);
  const { predictions, probabilities } = await client.predict(rows, { returnProbabilities: true });
  t.is(predictions.length, 2);
  t.is(probabilities.length, 2);
  const instances = [
    { age: 0, income: 0.1 },
    { age: 1, income: 0.9 },
  ];
  t.deepEqual((await client.batchPredict(instances)).predictions, predictions);
  t.false("probabilities" in (await client.batchPredict(instances)));
  t.is((await client.metadata()).model_name, "tiny");
});

test("a service that isn't ready is an answer about its health, and no prediction", async (t) => {
  const { endpoint, close } = await tinyService({ loaded: false });
  t.teardown(close);
  const client = new MLInferenceClient(endpoint, { retries: 0 });
  t.like(await client.health(), { status: "loading", model_loaded: false, model_version: null });
  await t.throwsAsync(client.predict(rows), {
    instanceOf: ServiceUnavailableError,
    message: /model tiny is being loaded/,
  });
});

test("rows that the model doesn't take are an error that names each value, and the request", async (t) => {
  const { endpoint, close } = await tinyService();
  t.teardown(close);
  const error = await t.throwsAsync<InvalidFeaturesError>(new MLInferenceClient(endpoint).predict({ age: [0] }), {
    instanceOf: InvalidFeaturesError,
  });
  t.like(error, { status: 422 });
  t.regex(error.requestId ?? "", /^[\w-]{36}$/);
  t.deepEqual(
    error.errors.map(({ path, problem }) => [path, problem]),
    [["inputs.income", "missing"]],
  );
});

test("a busy service is asked again as it says, so many times", async (t) => {
  const service = await scripted(t, busy, busy, done);
  t.deepEqual(await new MLInferenceClient(service.url).predict(rows), { predictions: [1] } as never);
  t.is(service.requests.length, 3);

  const always = await scripted(t, busy);
  const client = new MLInferenceClient(always.url, { retries: 2 });
  await t.throwsAsync(client.predict(rows), { instanceOf: ServiceUnavailableError });
  t.is(always.requests.length, 3);
});

test("a Retry-After may be a date", async (t) => {
  const past = answer(503, {}, { "Retry-After": new Date(0).toUTCString() });
  const service = await scripted(t, past, done);
  t.like(await new MLInferenceClient(service.url).predict(rows), { predictions: [1] });
});

for (const [title, step] of Object.entries({
  "without a Retry-After": answer(503, {}),
  "with one that says nothing": answer(503, {}, { "Retry-After": "soon" }),
}))
  test(`a 503 ${title} isn't asked again`, async (t) => {
    const service = await scripted(t, step);
    await t.throwsAsync(new MLInferenceClient(service.url).predict(rows), { instanceOf: ServiceUnavailableError });
    t.is(service.requests.length, 1);
  });

test("a service that is silent is an error once the time is over", async (t) => {
  const service = await scripted(t, () => {});
  const client = new MLInferenceClient(service.url, { timeoutMs: 50 });
  await t.throwsAsync(client.metadata(), { instanceOf: InferenceTimeoutError, message: /no answer within 50 ms/ });
});

test("a service that isn't there, cuts off or answers no JSON is an error", async (t) => {
  const gone = await scriptedService(done);
  gone.close();
  await t.throwsAsync(new MLInferenceClient(gone.url).metadata(), { instanceOf: InferenceError, message: /no answer/ });
  const cut = await scripted(t, (request) => request.socket.destroy());
  await t.throwsAsync(new MLInferenceClient(cut.url).metadata(), { instanceOf: InferenceError, message: /no answer/ });
  const page = await scripted(t, (_, response) => response.end("<html>"));
  await t.throwsAsync(new MLInferenceClient(page.url).predict(rows), { instanceOf: InferenceError, message: /200/ });
  await t.throwsAsync(new MLInferenceClient(page.url).health(), { instanceOf: InferenceError, message: /200/ });
});

test("a caller's own signal ends a request, and the wait for a busy service", async (t) => {
  const reason = new Error("no longer wanted");
  const abort = new AbortController();
  const waits = await scripted(t, answer(503, {}, { "Retry-After": "30" }));
  const asked = new MLInferenceClient(waits.url).predict(rows, { signal: abort.signal });
  const silent = await scripted(t, () => abort.abort(reason));
  const other = new MLInferenceClient(silent.url).predict(rows, { signal: abort.signal });
  t.is(await t.throwsAsync(other), reason);
  t.is(await t.throwsAsync(asked), reason);
});

test("the token goes with every request", async (t) => {
  const service = await scripted(t, done);
  const client = new MLInferenceClient(service.url, { token: "secret" });
  await client.predict(rows);
  await client.metadata();
  t.deepEqual(
    service.requests.map(({ url, authorization }) => [url, authorization]),
    [
      ["/predict", "Bearer secret"],
      ["/metadata", "Bearer secret"],
    ],
  );
});
