import { type Environment, text } from "../environment.ts";

/** How traces are sent; what else OpenTelemetry's variables say, its SDK reads itself. */
export interface TracingSettings {
  readonly protocol: "http/protobuf" | "http/json";
}

export const tracingUsage = `  OTEL_EXPORTER_OTLP_ENDPOINT  OpenTelemetry collector, http://…:4318, or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or
                          OTEL_TRACES_EXPORTER=otlp: any of them has requests traced. OTEL_EXPORTER_OTLP_PROTOCOL or
                          OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: http/protobuf, http/json. OTEL_SDK_DISABLED=true and
                          OTEL_TRACES_EXPORTER=none turn it off. OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER and
                          OpenTelemetry's others count as its specification says
`;

/** @returns undefined where nothing asks for traces. @throws Error naming the variable, what was expected and what came. */
export function readTracingSettings(env: Environment): TracingSettings | undefined {
  const disabled = env.OTEL_SDK_DISABLED?.toLowerCase() === "true";
  const exporter = text(env, "OTEL_TRACES_EXPORTER", "", /^(otlp|none|)$/, "otlp or none");
  const endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"].map((name) =>
    text(env, name, "", /^(https?:\/\/.+|)$/, "an address of http:// or https://"),
  );
  const general = protocol(env, "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
  const chosen = protocol(env, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", general);
  if (disabled || exporter === "none") return undefined;
  if (exporter === "" && endpoints.every((endpoint) => endpoint === "")) return undefined;
  return { protocol: chosen as TracingSettings["protocol"] };
}

function protocol(env: Environment, name: string, fallback: string): string {
  return text(env, name, fallback, /^http\/(protobuf|json)$/, "http/protobuf or http/json");
}
