import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import test, { type ExecutionContext } from "ava";
import { pino } from "pino";
import type { AppOptions } from "../app.ts";
import { fromStore, scriptedFeatureServer, tinyFeatures } from "../fixtures/scripted-feature-server.ts";
import { tinyService } from "../fixtures/tiny-service.ts";
import { requestJson } from "../request-json.ts";
import { requestSpans } from "../tracing/request-spans.ts";
import { readFeatureServerSettings } from "./settings.ts";

const names = ["customers__age", "customers__income", "scores__score"];
const store = { 1: { customers__age: { value: 1 }, customers__income: { value: 0.5 }, scores__score: { value: 0 } } };
const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const client = { traceparent, tracestate: "vendor=1" };

/** What the feature server is sent of a trace when the service is asked with these headers. */
async function sent(
  t: ExecutionContext,
  headers: Record<string, string>,
  { padding = 0, ...options }: AppOptions & { padding?: number } = {},
) {
  const feast = await scriptedFeatureServer(t, fromStore(names, store));
  const featureServer = readFeatureServerSettings({ FEAST_SERVER_URL: feast.url });
  const { endpoint, close } = await tinyService({ featureService: tinyFeatures, featureServer, ...options });
  const json = `{"entities":{"customer_id":[1]}}${" ".repeat(padding)}`;
  t.is((await requestJson(`${endpoint}/predict`, { json, headers })).status, 200);
  // Its spans are ended then.
  await close();
  const [{ traceparent, tracestate } = {}] = feast.headers;
  return { traceparent, tracestate };
}

test("a client's trace goes on to the feature server, from another thread too", async (t) => {
  t.deepEqual(await sent(t, client), client);
  t.deepEqual(await sent(t, client, { padding: 2 ** 18 }), client);
});

test("without a trace, or with one that isn't as specified, the feature server is sent none", async (t) => {
  const none = { traceparent: undefined, tracestate: undefined };
  t.deepEqual(await sent(t, {}), none);
  t.deepEqual(await sent(t, { traceparent: `${traceparent}0`, tracestate: "vendor=1" }), none);
});

test("where requests are traced the feature server's spans are below the request's own", async (t) => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracing = requestSpans(provider.getTracer("test"), pino({ level: "silent" }));
  for (const padding of [0, 2 ** 18]) {
    const { traceparent, tracestate } = await sent(t, client, { tracing, padding });
    const { traceId, spanId } = exporter.getFinishedSpans().at(-1)!.spanContext();
    t.is(traceId, "4bf92f3577b34da6a3ce929d0e0e4736");
    t.is(traceparent, `00-${traceId}-${spanId}-01`);
    t.is(tracestate, "vendor=1");
  }
});
