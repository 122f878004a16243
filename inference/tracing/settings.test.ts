import test from "ava";
import { readTracingSettings } from "./settings.ts";

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" };

for (const [title, env, protocol] of [
  ["an endpoint", endpoint, "http/protobuf"],
  ["an endpoint of traces", { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://a/v1/traces" }, "http/protobuf"],
  ["an exporter", { OTEL_TRACES_EXPORTER: "otlp" }, "http/protobuf"],
  ["a protocol beside it", { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }, "http/json"],
  [
    "a protocol of traces, which beats the general one",
    { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf", OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json" },
    "http/json",
  ],
  ["an SDK that isn't disabled", { ...endpoint, OTEL_SDK_DISABLED: "false" }, "http/protobuf"],
] as const)
  test(`requests are traced by ${title}`, (t) => {
    t.deepEqual(readTracingSettings(env), { protocol });
  });

for (const [title, env] of [
  ["nothing is said", {}],
  ["variables are empty", { OTEL_EXPORTER_OTLP_ENDPOINT: "", OTEL_TRACES_EXPORTER: "" }],
  ["a service's name alone is said", { OTEL_SERVICE_NAME: "a" }],
  ["the exporter is none", { ...endpoint, OTEL_TRACES_EXPORTER: "none" }],
  ["the SDK is disabled", { ...endpoint, OTEL_SDK_DISABLED: "TRUE" }],
] as const)
  test(`requests aren't traced where ${title}`, (t) => {
    t.is(readTracingSettings(env), undefined);
  });

for (const [name, value, expected] of [
  ["OTEL_TRACES_EXPORTER", "zipkin", "otlp or none"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "an address of http:// or https://"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf or http/json"],
  ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc", "http/protobuf or http/json"],
] as const)
  test(`${name}=${value} is refused`, (t) => {
    t.throws(() => readTracingSettings({ ...endpoint, [name]: value }), {
      message: `${name}: expected ${expected}, got "${value}"`,
    });
  });
