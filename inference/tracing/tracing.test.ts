import { once } from "node:events";
import { createServer } from "node:net";
import test, { type ExecutionContext } from "ava";
import { type CollectedSpan, startCollector } from "../fixtures/collector.ts";
import { startServe } from "../fixtures/serve-process.ts";
import { tinyRegistry } from "../fixtures/tiny-registry.ts";
import { requestJson } from "../request-json.ts";

const inputs = { age: [0, 1], income: [0.1, 0.9] };
const client = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
const traceparent = `00-${client.traceId}-${client.spanId}-01`;

async function collector(t: ExecutionContext, status?: number) {
  const started = await startCollector(status);
  t.teardown(started.close);
  return started;
}

/** A service that sends its spans there, and what ends it with all that it printed. */
async function serve(t: ExecutionContext, endpoint: string, env: NodeJS.ProcessEnv = {}) {
  const registry = await tinyRegistry([0.1]);
  t.teardown(registry.remove);
  const service = startServe({
    MLFLOW_TRACKING_URI: registry.uri,
    MODEL_VERSION: "1",
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...env,
  });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  await service.logged("ready");
  const ask = (path: string, options: Parameters<typeof requestJson>[1] = {}) =>
    requestJson(`http://127.0.0.1:${port}${path}`, options);
  const end = async () => {
    service.kill("SIGTERM");
    const { status, stdout } = await service.ended;
    t.is(status, 0);
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  return { port, ask, end };
}

function named(spans: readonly CollectedSpan[], name: string): CollectedSpan {
  return spans.find((span) => span.name === name)!;
}

for (const protocol of ["http/json", "http/protobuf"])
  test.serial(
    `a prediction is a span below the client's, with its parts below it; SIGTERM sends it (${protocol})`,
    async (t) => {
      const { endpoint, spans, resource, requests } = await collector(t);
      const { port, ask, end } = await serve(t, endpoint, {
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_HEADERS: "authorization=secret",
        OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
      });
      const before = Date.now();
      const headers = { traceparent, tracestate: "vendor=1", "X-Request-Id": "abc-1", "User-Agent": "tests" };
      t.is((await ask("/predict?x=1", { body: { inputs }, headers })).status, 200);
      const lines = await end();

      t.like(requests[0], { path: "/v1/traces", headers: { authorization: "secret" } });
      t.like(resource, { "service.name": "ml-inference", "deployment.environment.name": "test" });
      t.deepEqual(spans.map(({ name }) => name).sort(), ["POST /predict", "predict", "read", "run"]);
      const server = named(spans, "POST /predict");
      t.like(server, {
        traceId: client.traceId,
        parentSpanId: client.spanId,
        traceState: "vendor=1",
        kind: 2,
        status: 0,
      });
      t.like(server.attributes, {
        "http.request.method": "POST",
        "http.route": "/predict",
        "http.response.status_code": 200,
        "url.path": "/predict",
        "url.scheme": "http",
        "server.address": "127.0.0.1",
        "server.port": port,
        "user_agent.original": "tests",
        "http.response.header.x-request-id": ["abc-1"],
      });
      t.false("error.type" in server.attributes);
      const [read, predict, run] = ["read", "predict", "run"].map((name) => named(spans, name)) as [
        CollectedSpan,
        CollectedSpan,
        CollectedSpan,
      ];
      for (const [child, parent] of [
        [read, server],
        [predict, server],
        [run, predict],
      ] as const) {
        t.is(child.parentSpanId, parent.spanId);
        t.is(child.traceId, client.traceId);
        t.true(child.start >= parent.start && child.end <= parent.end + 0.001 && child.end >= child.start);
      }
      t.true(read.end <= predict.start + 0.001);
      t.true(server.start >= before && server.end <= Date.now() + 1);
      const identity = { "ml.model.name": "tiny", "ml.model.version": "1" };
      t.deepEqual(predict.attributes, { ...identity, "ml.rows": 2 });
      t.deepEqual(run.attributes, { ...identity, "ml.batch.requests": 1, "ml.batch.rows": 2 });
      t.like(
        lines.find(({ msg }) => msg === "request"),
        { requestId: "abc-1", trace_id: client.traceId, span_id: server.spanId },
      );
    },
  );

test.serial(
  "what isn't a prediction is a span too, probes aside; a path that leads nowhere has no route",
  async (t) => {
    const { endpoint, spans } = await collector(t);
    const { ask, end } = await serve(t, endpoint, { OTEL_SERVICE_NAME: "scores" });
    for (const path of ["/metadata", "/health", "/live", "/nowhere/42"]) await ask(path);
    t.is((await ask("/predict", { body: {} })).status, 422);
    await end();
    t.deepEqual(
      spans.map(({ name, parentSpanId = "", status, attributes }) => [
        name,
        parentSpanId,
        status,
        attributes["http.response.status_code"],
      ]),
      [
        ["GET /metadata", "", 0, 200],
        ["GET", "", 0, 404],
        ["POST /predict", "", 0, 422],
      ],
    );
    t.is(new Set(spans.map(({ traceId }) => traceId)).size, 3);
  },
);

test.serial("a trace that the sampler leaves out is sent nowhere, and its ids are logged all the same", async (t) => {
  const { endpoint, requests } = await collector(t);
  const { ask, end } = await serve(t, endpoint, { OTEL_TRACES_SAMPLER: "parentbased_always_off" });
  t.is((await ask("/predict", { body: { inputs } })).status, 200);
  const [line] = (await end()).filter(({ msg }) => msg === "request");
  t.regex(line.trace_id, /^[\da-f]{32}$/);
  t.regex(line.span_id, /^[\da-f]{16}$/);
  t.deepEqual(requests, []);
});

async function closedPort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

for (const [title, open] of Object.entries({
  "is down": () => closedPort(),
  "never answers": async (t: ExecutionContext) => (await collector(t, 0)).endpoint,
  "refuses spans": async (t: ExecutionContext) => (await collector(t, 400)).endpoint,
}))
  test.serial(`a collector that ${title} costs a line of the log, and no request`, async (t) => {
    const { ask, end } = await serve(t, await open(t), { OTEL_BSP_SCHEDULE_DELAY: "1" });
    for (let at = 0; at < 20; at++) t.is((await ask("/predict", { body: { inputs } })).status, 200);
    const start = performance.now();
    const lines = await end();
    t.true(performance.now() - start < 10_000);
    const warnings = lines.filter(({ level }) => level >= 40);
    t.is(warnings.length, 1);
    t.like(warnings[0], { level: 40, msg: "traces aren't sent as they should be" });
    t.is(lines.at(-1).msg, "drained");
  });

test.serial("an answer of 5xx is an error of its span", async (t) => {
  const { endpoint, spans } = await collector(t);
  // It takes connections and says nothing: the service is asked before it has a model.
  const registry = createServer().listen(0, "127.0.0.1");
  await once(registry, "listening");
  t.teardown(() => registry.close());
  const { port: silent } = registry.address() as { port: number };
  const service = startServe({
    MLFLOW_TRACKING_URI: `http://127.0.0.1:${silent}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  const { status } = await requestJson(`http://127.0.0.1:${port}/predict`, {
    body: { inputs },
    headers: { traceparent },
  });
  t.is(status, 503);
  service.kill("SIGTERM");
  await service.ended;
  const [span] = spans;
  t.like(span, { name: "POST /predict", status: 2, parentSpanId: client.spanId });
  t.like(span!.attributes, { "http.response.status_code": 503, "error.type": "503" });
});
