import { once } from "node:events";
import { get, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import test from "ava";
import { pino } from "pino";
import { Registry } from "prom-client";
import { tinyService } from "../fixtures/tiny-service.ts";
import { createFront } from "../http/front.ts";
import { createRouter } from "../http/router.ts";
import { listen } from "../http-server.ts";
import { requestJson } from "../request-json.ts";
import { countRequests } from "./count-requests.ts";

async function lines(registry: Registry, name: string): Promise<string[]> {
  return (await registry.getSingleMetricAsString(name)).split("\n").filter((line) => !line.startsWith("#"));
}

test("requests are counted by method, route and status; what a client makes up is other", async (t) => {
  const metrics = new Registry();
  const { endpoint, close } = await tinyService({ metrics, rowLimit: 1 });
  t.teardown(close);
  const inputs = { age: [1], income: [2] };
  for (const [path, body] of [
    ["/health"],
    ["/health?verbose"],
    ["/predict", { inputs }],
    ["/predict", { inputs: { age: ["x"], income: [2] } }],
    ["/predict", { inputs: { age: [1, 2], income: [2, 3] } }],
    ["/predict"],
    ["/batch_predict", { instances: [{ age: 1, income: 2 }] }],
    ["/nope"],
    ["/health/"],
    ["/__proto__", {}],
  ] as const)
    await requestJson(endpoint + path, { body });
  const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
  socket.write("PROPFIND /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  await text(socket);

  t.deepEqual((await lines(metrics, "http_requests_total")).sort(), [
    'http_requests_total{method="GET",route="/health",status="200"} 2',
    'http_requests_total{method="GET",route="/predict",status="405"} 1',
    'http_requests_total{method="GET",route="other",status="404"} 2',
    'http_requests_total{method="POST",route="/batch_predict",status="200"} 1',
    'http_requests_total{method="POST",route="/predict",status="200"} 1',
    'http_requests_total{method="POST",route="/predict",status="413"} 1',
    'http_requests_total{method="POST",route="/predict",status="422"} 1',
    'http_requests_total{method="POST",route="other",status="404"} 1',
    'http_requests_total{method="other",route="/health",status="405"} 1',
  ]);
  const durations = await lines(metrics, "http_request_duration_seconds");
  t.true(durations.includes('http_request_duration_seconds_count{route="/predict",status="422"} 1'));
  t.true(durations.includes('http_request_duration_seconds_bucket{le="10",route="/predict",status="200"} 1'));
  t.true(
    durations.some((line) => line.startsWith('http_request_duration_seconds_bucket{le="0.0002",route="/predict",')),
  );
});

for (const [title, status, loaded] of [
  ["a failure of the service", 500, true],
  ["what is asked before the model is there", 503, false],
] as const)
  test(`${title} is counted as ${status}`, async (t) => {
    const metrics = new Registry();
    const { endpoint, serving, close } = await tinyService({ metrics, loaded });
    t.teardown(close);
    if (serving.model) serving.serve({ ...serving.model, predict: () => Promise.reject(new Error("broken")) });
    await requestJson(`${endpoint}/predict`, { body: { inputs: { age: [1], income: [2] } } });
    t.deepEqual(await lines(metrics, "http_requests_total"), [
      `http_requests_total{method="POST",route="/predict",status="${status}"} 1`,
    ]);
  });

test("a client that goes away before its answer is counted as 499", async (t) => {
  const registry = new Registry();
  let begin: (response: ServerResponse) => void;
  const begun = new Promise<ServerResponse>((resolve) => {
    begin = resolve;
  });
  const front = createFront({
    router: createRouter([{ path: "/slow" }]),
    trace: () => undefined,
    gates: [],
    observers: [countRequests(registry, pino({ level: "silent" }))],
    predict: () => {},
    app: ({ response }) => begin(response),
    closing: () => false,
  });
  const server = await listen(front, "127.0.0.1", 0);
  t.teardown(() => server.drain(0));
  const request = get({ port: server.port, host: "127.0.0.1", path: "/slow", agent: false });
  request.on("error", () => {});
  const closed = once(await begun, "close");
  request.destroy();
  await closed;
  t.deepEqual(await lines(registry, "http_requests_total"), [
    'http_requests_total{method="GET",route="/slow",status="499"} 1',
  ]);
});
