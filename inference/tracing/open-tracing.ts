import { DiagLogLevel, diag } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Logger } from "pino";
import { rarely } from "../rarely.ts";
import { type RequestSpans, requestSpans } from "./request-spans.ts";
import type { TracingSettings } from "./settings.ts";

/** How long the end waits for a collector: what a pod's grace has left when requests are drained. */
const flushMs = 3000;

/** Spans of requests, on their way to a collector. */
export interface Tracing extends RequestSpans {
  /** Sends what is left, for three seconds at most; no span is sent any more. */
  close(): Promise<void>;
}

/**
 * OpenTelemetry's SDK as its variables say: sampler, resource, limits, batches, endpoint, headers, time-outs. A collector
 * that is slow, down or wrong costs spans, never a request: they wait in a bounded queue and are dropped beyond it.
 *
 * The module is to be loaded where traces are asked for alone: the SDK takes memory, and time at the start.
 */
export function openTracing({ protocol }: TracingSettings, logger: Logger): Tracing {
  const warn = rarely((message: string) => logger.warn({ cause: message }, "traces aren't sent as they should be"));
  diag.setLogger(
    { error: warn, warn, info: () => {}, debug: () => {}, verbose: () => {} },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const exporter = protocol === "http/json" ? new JsonExporter() : new ProtobufExporter();
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": "ml-inference" }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  return {
    ...requestSpans(provider.getTracer("ml-inference"), logger),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(() => resolve(warn("the collector didn't take the last spans in time")), flushMs);
      });
      await Promise.race([provider.shutdown().catch((error) => warn(String(error))), late]);
      clearTimeout(timer);
    },
  };
}
