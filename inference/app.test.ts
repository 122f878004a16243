import test, { type ExecutionContext } from "ava";
import { pino } from "pino";
import { tinyGolden } from "./fixtures/tiny-classifier.ts";
import { tinyService } from "./fixtures/tiny-service.ts";
import { requestJson } from "./request-json.ts";
import { Serving } from "./serving.ts";

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
const rows = [
  [0, 0.1, 0.2],
  [1, 0.9, 0.4],
];
const inputs = { age: [0, 1], income: [0.1, 0.9], score: [0.2, 0.4] };
const instances = [
  { age: 0, income: 0.1, score: 0.2 },
  { age: 1, income: 0.9, score: 0.4 },
];

async function service(t: ExecutionContext, options: Parameters<typeof tinyService>[0] = {}) {
  const started = await tinyService(options);
  t.teardown(started.close);
  return started;
}

test("health names the model once it is loaded", async (t) => {
  const { endpoint } = await service(t);
  const { status, body } = await requestJson(`${endpoint}/health`);
  const { timestamp, ...rest } = body as Record<string, unknown>;
  t.is(status, 200);
  t.regex(String(timestamp), time);
  t.deepEqual(rest, { status: "healthy", model_loaded: true, model_name: "tiny", model_version: "1" });
});

test("before the model is loaded health says so with 503, what needs it is 503, liveness is 200", async (t) => {
  const { endpoint } = await service(t, { loaded: false });
  const health = await requestJson(`${endpoint}/health`);
  t.is(health.status, 503);
  t.like(health.body, { status: "loading", model_loaded: false, model_name: "tiny", model_version: null });
  t.is((await requestJson(`${endpoint}/metadata`)).status, 503);
  t.is((await requestJson(`${endpoint}/predict`, { body: { inputs } })).status, 503);
  t.is((await requestJson(`${endpoint}/live`)).status, 200);
});

test("while draining health is 503, requests are answered, and connections close after their answer", async (t) => {
  const { endpoint, serving } = await service(t);
  serving.drain();
  const health = await requestJson(`${endpoint}/health`);
  t.is(health.status, 503);
  t.like(health.body, { status: "draining", model_loaded: true });
  // Fetch keeps connections by default.
  t.is((await fetch(`${endpoint}/live`)).headers.get("connection"), "close");
  t.is((await requestJson(`${endpoint}/predict`, { body: { inputs } })).status, 200);
});

test("requests are logged at info, those of probes at debug", async (t) => {
  const lines: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const { endpoint } = await service(t, { logger });
  for (const path of ["/live", "/health?verbose", "/metadata", "/healthy"]) await requestJson(`${endpoint}${path}`);
  const logged = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "request");
  t.deepEqual(
    logged.map(({ level, route }) => `${pino.levels.labels[level]} ${route}`),
    ["debug /live", "debug /health", "info /metadata", "info /healthy"],
  );
});

for (const [path, title] of [
  ["/predict", "a prediction"],
  ["/metadata", "what goes through Koa"],
] as const)
  test(`a client's trace is on each line of the log about its request: ${title}`, async (t) => {
    const lines: string[] = [];
    const logger = pino({}, { write: (line: string) => void lines.push(line) });
    const { endpoint, serving } = await service(t, { logger });
    const broken = { predict: () => Promise.reject(new Error("broken")), schema: undefined as never };
    serving.serve({ ...serving.model!, ...broken });
    const [trace_id, span_id] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
    const headers = { traceparent: `00-${trace_id}-${span_id}-01`, "X-Request-Id": "abc-1" };
    const body = path === "/predict" ? { inputs } : undefined;
    t.is((await requestJson(endpoint + path, { body, headers })).status, 500);
    await requestJson(endpoint + path, { body });
    const [failed, answered, ...untraced] = lines.map((line) => JSON.parse(line));
    for (const [line, msg] of [
      [failed, "request failed"],
      [answered, "request"],
    ])
      t.like(line, { msg, requestId: "abc-1", trace_id, span_id });
    t.is(untraced.length, 2);
    for (const line of untraced) t.false("trace_id" in line || "span_id" in line);
  });

test("metadata says which model answers and what it takes", async (t) => {
  const { endpoint, serving } = await service(t);
  const { loaded_at, ...rest } = (await requestJson(`${endpoint}/metadata`)).body as Record<string, unknown>;
  t.regex(String(loaded_at), time);
  t.deepEqual(rest, {
    model_name: "tiny",
    model_version: "1",
    mlflow_run_id: serving.model?.runId,
    feature_names: ["age", "income", "score"],
    model_type: "TinyClassifier",
    model_sha256: serving.model?.sha256,
  });
});

for (const [path, body] of [
  ["/predict", { inputs }],
  ["/batch_predict", { instances }],
] as const)
  test(`${path} answers each row, with probabilities where they are asked for`, async (t) => {
    const { endpoint } = await service(t);
    const { predictions, probabilities } = tinyGolden(["age", "income", "score"], rows, 0.1);
    const asked = await requestJson(endpoint + path, { body: { ...body, return_probabilities: true } });
    const answer = asked.body as Record<string, unknown>;
    t.is(asked.status, 200);
    t.deepEqual(Object.keys(answer), [
      "predictions",
      "probabilities",
      "inference_time_ms",
      "timestamp",
      "model_name",
      "model_version",
    ]);
    t.deepEqual(answer.predictions, predictions);
    t.deepEqual(answer.probabilities, probabilities);
    t.true(Number(answer.inference_time_ms) >= 0);
    t.regex(String(answer.timestamp), time);
    t.like(answer, { model_name: "tiny", model_version: "1" });
    t.false("probabilities" in ((await requestJson(endpoint + path, { body })).body as object));
  });

test("an invalid body is 422 and names every fault with its place, as problem+json", async (t) => {
  const { endpoint } = await service(t);
  const { status, body } = await requestJson(`${endpoint}/predict`, {
    body: { inputs: { age: [1, "x"], extra: [0] } },
  });
  t.is(status, 422);
  t.like(body, { type: "about:blank", title: "Unprocessable Entity", status: 422 });
  t.deepEqual(
    (body as { errors: { path: string; problem: string }[] }).errors.map(({ path, problem }) => [path, problem]),
    [
      ["inputs.income", "missing"],
      ["inputs.extra", "unknown"],
      ["inputs.age[1]", "type"],
    ],
  );
});

for (const [body, detail] of [
  [[], "body: expected an object with inputs, got an array of 0"],
  [{}, "inputs: expected an object with one array a feature, got nothing"],
  [
    { inputs, return_probability: true },
    "return_probability: expected inputs (or entities) and return_probabilities alone, got true",
  ],
  [{ inputs, return_probabilities: "yes" }, 'return_probabilities: expected true or false, got the string "yes"'],
] as const)
  test(`the body ${JSON.stringify(body).slice(0, 30)} … is 422: ${detail}`, async (t) => {
    const { endpoint } = await service(t);
    const answer = await requestJson(`${endpoint}/predict`, { body });
    t.is(answer.status, 422);
    t.like(answer.body, { detail: `1 invalid value: ${detail}` });
  });

test("more rows than the limit are 413", async (t) => {
  const { endpoint } = await service(t, { rowLimit: 1 });
  const { status, body } = await requestJson(`${endpoint}/predict`, { body: { inputs } });
  t.is(status, 413);
  t.like(body, { detail: "at most 1 rows a request, got 2" });
});

test("a failure of the service is a 500 that shows nothing of itself, and is logged with its request's id", async (t) => {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const { endpoint, serving } = await service(t, { logger });
  serving.serve({ ...serving.model!, predict: () => Promise.reject(new Error("secret detail")) });
  const { status, text } = await requestJson(`${endpoint}/predict`, {
    body: { inputs },
    headers: { "X-Request-Id": "abc-1" },
  });
  t.is(status, 500);
  t.false(text.includes("secret"));
  const logged = lines.map((line) => JSON.parse(line));
  t.like(logged[0], { requestId: "abc-1", msg: "request failed", err: { message: "secret detail" } });
  t.like(logged[1], { requestId: "abc-1", method: "POST", route: "/predict", status: 500, msg: "request" });
  t.false(lines.join().includes("income"));
});

test("an instance wants its model until it has one", (t) => {
  const serving = new Serving({ name: "tiny", version: "latest" });
  t.is(serving.model, undefined);
  t.false(serving.draining);
});
