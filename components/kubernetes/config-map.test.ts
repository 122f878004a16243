import test from "ava";
import fc from "fast-check";
import { configMap } from "./config-map.ts";
import { testSettings } from "./fixtures/settings.ts";

test("it holds the service's environment, and can't change", (t) => {
  const corsOrigins = ["https://app.example.com", "http://localhost:3000"];
  const service = { corsOrigins, maxRows: 500, feastUri: "http://feast.features.svc:6566", maxFeatureAge: "ttl" };
  const { data, immutable } = configMap(testSettings({ port: 8000, service }));
  t.true(immutable);
  t.deepEqual(data, {
    MLFLOW_TRACKING_URI: "http://mlflow-service.asgard.svc.cluster.local:5000",
    MODEL_NAME: "churn_predictor_feast",
    EXPERIMENT_NAME: "feast_ml_deployment",
    HOST: "0.0.0.0",
    PORT: "8000",
    METRICS_PORT: "9090",
    LOG_LEVEL: "info",
    CORS_ORIGINS: "https://app.example.com,http://localhost:3000",
    MAX_BODY_BYTES: "10485760",
    MAX_ROWS: "500",
    MAX_CONNECTIONS: "4096",
    REQUEST_TIMEOUT_SECONDS: "60",
    FEAST_SERVER_URL: "http://feast.features.svc:6566",
    FEAST_TIMEOUT_MS: "1000",
    FEAST_RETRIES: "2",
    MAX_FEATURE_AGE: "ttl",
    AWS_REGION: "eu-north-1",
    KEEP_ALIVE_SECONDS: "95",
    DRAIN_SECONDS: "30",
  });
});

test("two have one name exactly where they have one content", (t) => {
  const text = fc.constantFrom("a", "b", "");
  const settings = fc.record({ modelName: text, experimentName: text, region: text, logLevel: text }).map(testSettings);
  fc.assert(
    fc.property(settings, settings, (one, other) => {
      const [a, b] = [configMap(one), configMap(other)];
      return (a.metadata.name === b.metadata.name) === (JSON.stringify(a.data) === JSON.stringify(b.data));
    }),
  );
  t.regex(configMap(testSettings()).metadata.name, /^ml-inference-config-[0-9a-f]{8}$/);
});

test("what isn't in the environment doesn't touch the name", (t) => {
  const name = configMap(testSettings()).metadata.name;
  t.is(configMap(testSettings({ resources: { cpuLimit: "4" }, replicas: { max: 20 } })).metadata.name, name);
});
