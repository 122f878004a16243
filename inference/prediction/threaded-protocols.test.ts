import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { pino } from "pino";
import type { InvalidFeatures } from "../features/feature-problem.ts";
import { tinyService } from "../fixtures/tiny-service.ts";
import { HttpProblem } from "../http/http-problem.ts";
import { protocols } from "../protocols/protocols.ts";
import { startCodecThread } from "./codec-thread.ts";
import { contextOf, predict } from "./predictor.ts";
import { threadedProtocols } from "./threaded-protocols.ts";

const logger = pino({ level: "silent" });
const options = { rowLimit: 100_000, ignoreUnknown: false };

async function tinyModel(t: ExecutionContext) {
  const { serving, close } = await tinyService();
  t.teardown(close);
  return serving.model!;
}

function request(body: unknown) {
  return { headers: { "content-type": "application/json" }, parts: {}, body: Buffer.from(JSON.stringify(body)) };
}

const rows = Array.from({ length: 5000 }, (_, row) => ({
  age: row % 90,
  income: row / 7,
  score: row % 3 ? row : null,
}));
const inputs = {
  age: rows.map(({ age }) => age),
  income: rows.map(({ income }) => income),
  score: rows.map(({ score }) => score),
};
const bodies = {
  "/predict": { inputs, return_probabilities: true },
  "/batch_predict": { instances: rows, return_probabilities: true },
};

for (const [path, body] of Object.entries(bodies))
  test(`another thread reads and answers ${path} as this one does`, async (t) => {
    const model = await tinyModel(t);
    const threaded = threadedProtocols(() => startCodecThread(64), logger);
    const context = contextOf(model, options);
    const there = await predict(model, context, threaded(path), request(body));
    const here = await predict(model, context, protocols[path]!, request(body));
    const parse = (text: string | Uint8Array) => JSON.parse(Buffer.from(text as string).toString());
    t.deepEqual(there.rows, here.rows);
    const { predictions, probabilities } = parse(there.answer.body);
    t.deepEqual(predictions, parse(here.answer.body).predictions);
    t.deepEqual(probabilities, parse(here.answer.body).probabilities);
  });

test("what is wrong with a body is the same problem from another thread", async (t) => {
  const model = await tinyModel(t);
  const protocol = threadedProtocols(() => startCodecThread(64), logger)("/batch_predict");
  const context = contextOf(model, options);
  const wrong = request({ instances: [...rows, { age: "old", income: 1 }] });
  const error = await t.throwsAsync<HttpProblem>(async () => protocol.read(wrong, context), {
    instanceOf: HttpProblem,
  });
  t.is(error.status, 422);
  t.is(error.errors?.[0]?.path, "instances[5000].age");
  const here = await t.throwsAsync<InvalidFeatures>(async () => protocols["/batch_predict"]!.read(wrong, context));
  t.deepEqual(error.errors, here.problems);
  t.is(error.message, here.message);
});

for (const [kind, times, status] of [
  ["read", 1, 200],
  ["answer", 1, 200],
  ["read", 2, 503],
  ["answer", 2, 503],
] as const)
  test(`a thread that dies ${times} times at a message of kind ${kind} ends in ${status}, and the next body is read`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "codec-"));
    t.teardown(() => rm(folder, { recursive: true }));
    const file = join(folder, "deaths");
    await writeFile(file, "0");
    const model = await tinyModel(t);
    const entry = join(import.meta.dirname, "../fixtures/dying-codec.ts");
    const threaded = threadedProtocols(
      () => startCodecThread(64, { entry, workerData: { file, kind, times } }),
      logger,
    );
    const ask = () =>
      predict(model, contextOf(model, options), threaded("/predict"), request(bodies["/predict"])).then(
        () => 200,
        (error) => error.status,
      );
    t.is(await ask(), status);
    t.is(await ask(), 200);
  });

const headers = { "content-type": "application/json" };

for (const [title, path, type, body] of [
  ["empty arrays", "/batch_predict", "application/json", `{"instances":[${"[],".repeat(1_000_000)}[]]}`],
  ["nested arrays", "/predict", "application/json", `{"inputs":${"[".repeat(800_000)}${"]".repeat(800_000)}}`],
  ["empty objects", "/v2/models/{model}/infer", "application/json", `{"inputs":[${"{},".repeat(500_000)}{}]}`],
  ["names", "/invocations", "application/json", `{"inputs":{${names(500_000)}}}`],
  ["NaN", "/invocations", "application/json", `{"inputs":[${"NaN,".repeat(1_000_000)}1]}`],
  ["empty fields", "/invocations", "text/csv", `${",".repeat(9999)}\n`.repeat(100)],
] as const)
  test(`a body of nothing but ${title} is 413 before it takes the memory that it would, and the thread lives on`, async (t) => {
    const model = await tinyModel(t);
    let threads = 0;
    const start = () => {
      threads++;
      return startCodecThread(64);
    };
    const threaded = threadedProtocols(start, logger);
    const context = contextOf(model, options);
    const asked = { headers: { "content-type": type }, parts: { model: model.name }, body: Buffer.from(body) };
    const error = await t.throwsAsync<HttpProblem>(async () => threaded(path).read(asked, context), {
      instanceOf: HttpProblem,
      message: /too much memory to read/,
    });
    t.is(error.status, 413);
    await predict(model, context, threaded("/predict"), request(bodies["/predict"]));
    t.is(threads, 1);
  });

test("a thread that takes more memory than it may have ends with 413 for its body", async (t) => {
  const model = await tinyModel(t);
  const entry = join(import.meta.dirname, "../fixtures/hungry-codec.ts");
  const threaded = threadedProtocols(() => startCodecThread(64, { entry }), logger);
  const asked = { headers, parts: {}, body: Buffer.from("{}") };
  const error = await t.throwsAsync<HttpProblem>(async () =>
    threaded("/predict").read(asked, contextOf(model, options)),
  );
  t.is(error.status, 413);
});

/** Members with a name each. */
function names(count: number): string {
  return Array.from({ length: count }, (_, at) => `"n${at}":0`).join();
}
