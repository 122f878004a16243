import test from "ava";
import { instanceEnvironment } from "./serve-spec.ts";

test("an instance gets the way to Node and MLflow and the service's settings, and no other program's secrets", (t) => {
  const passed = {
    PATH: "/bin",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    https_proxy: "http://proxy",
    MLFLOW_TRACKING_TOKEN: "t",
    LOG_LEVEL: "debug",
    MAX_ROWS: "10",
    HEADER_TIMEOUT_SECONDS: "5",
    KEEP_ALIVE_SECONDS: "95",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    PAYLOAD_LOG_FILE: "payload.jsonl",
  };
  const kept = {
    AWS_SECRET_ACCESS_KEY: "s",
    PULUMI_CONFIG_PASSPHRASE: "p",
    GITHUB_TOKEN: "g",
    PORT: "1",
    AUTH_TOKENS: "x",
    UNSET: undefined,
  };
  t.deepEqual(instanceEnvironment({ ...passed, ...kept }), passed);
});
