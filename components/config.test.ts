import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import test from "ava";
import { readSettings } from "../inference/settings.ts";
import { readConfigSchema } from "./config/schema.ts";
import { ConfigSource, type ConfigSources } from "./config/source.ts";
import { type LocalServing, parseConfig } from "./config.ts";
import { serviceVariables } from "./service-settings.ts";

const schema = readConfigSchema(join(import.meta.dirname, "..", "Pulumi.yaml"));
const defaults = Object.fromEntries([...schema].map(([key, { default: value }]) => [key, String(value)]));

function parse(values: Record<string, string> = {}, environment: ConfigSources["environment"] = {}) {
  const stackKeys = new Map(Object.keys(values).map((key) => [key, "plain"] as const));
  const source = new ConfigSource({ schema, stackKeys, values: { ...defaults, ...values }, environment });
  return parseConfig(source, { train: false, build: false, deploy: false });
}

test("the defaults of Pulumi.yaml are the sample, trained and served on this machine", (t) => {
  const config = parse();
  t.is(config.modelVersion, "latest");
  t.is(config.training.model, "churn_predictor_feast");
  t.is(config.training.experiment, "feast_ml_deployment");
  t.is(config.training.service, "churn_features");
  const { service, ...serving } = config.serving as LocalServing;
  t.deepEqual(serving, { target: "local", host: "127.0.0.1", port: 8080, authTokensFile: "" });
  // The service's own, where it is told nothing.
  const { http, bodyLimit, rowLimit, featureServer } = readSettings({});
  t.deepEqual(service, {
    corsOrigins: http.corsOrigins,
    maxBodyBytes: bodyLimit,
    maxRows: rowLimit,
    maxConnections: http.limits.connections,
    requestTimeoutSeconds: http.limits.requestMs / 1000,
    feastUri: featureServer.url ?? "",
    feastTimeoutMs: featureServer.timeoutMs,
    feastRetries: featureServer.retries,
    maxFeatureAge: featureServer.maxAge,
  });
});

test("stack config beats the environment, which beats the default", (t) => {
  t.is(parse({}, { MODEL_VERSION: "2" }).modelVersion, "2");
  t.is(parse({ modelVersion: "3" }, { MODEL_VERSION: "2" }).modelVersion, "3");
  t.is(parse({ modelVersion: "latest" }, { MODEL_VERSION: "2" }).modelVersion, "latest");
  t.is(parse({}, { MODEL_VERSION: "" }).modelVersion, "latest");
  t.like(parse({}, { PORT: "9090" }).serving, { port: 9090 });
});

test("an unknown key is an error that names the nearest one", (t) => {
  const error = t.throws(() => parse({ modelVerson: "3" }), { instanceOf: RunError });
  t.regex(error.message, /modelVerson.*did you mean modelVersion\?/);
});

for (const [key, value, expected] of [
  ["modelVersion", "v3", /config modelVersion: expected latest, a number or an @alias, got "v3"/],
  ["modelVersion", "0", /config modelVersion/],
  ["port", "65536", /config port: expected a whole number from 1 to 65535, got "65536"/],
  ["port", "80.5", /config port/],
  ["nEstimators", "0", /config nEstimators: expected a whole number from 1/],
  ["trainerTrain", "yes", /config trainerTrain: expected true or false, got "yes"/],
  ["treeLearner", "lightgbm", /config treeLearner: expected histogram or cart, got "lightgbm"/],
  ["target", "mars", /config target: expected local or eks, got "mars"/],
  ["testFrom", "1998-1-1", /config testFrom: expected a day as YYYY-MM-DD/],
  ["featureService", "", /config featureService/],
  ["corsOrigins", "app.example.com", /config corsOrigins: expected an origin, as https:\/\/app.example.com, or \*/],
  ["maxConnections", "0", /config maxConnections: expected a whole number from 1 to 1000000, got "0"/],
  ["requestTimeoutSeconds", "1m", /config requestTimeoutSeconds/],
  ["authTokensSecret", "ml-tokens", /config authTokensSecret: .* target local takes authTokensFile/],
] as const) {
  test(`${key} = "${value}" is refused by name`, (t) => {
    t.throws(() => parse({ [key]: value }), { instanceOf: RunError, message: expected });
  });
}

test("what the service is told is the environment's unless the stack says it, and the service takes it", (t) => {
  const env = { CORS_ORIGINS: "*", MAX_ROWS: "10", AUTH_TOKENS_FILE: "tokens" };
  const { service, authTokensFile } = parse({ maxRows: "20", maxBodyBytes: "1000" }, env).serving as LocalServing;
  t.is(authTokensFile, "tokens");
  t.like(service, { corsOrigins: ["*"], maxRows: 20, maxBodyBytes: 1000 });
  const { http, rowLimit, bodyLimit } = readSettings(serviceVariables(service));
  t.deepEqual([http.corsOrigins, rowLimit, bodyLimit], [["*"], 20, 1000]);
});

test("a wrong value from the environment is named by its variable", (t) => {
  t.throws(() => parse({}, { PORT: "http" }), { message: /environment PORT \(config port\)/ });
});

test("an MLflow address with a password is refused without repeating it, as it would be kept in the state", (t) => {
  const uri = "https://me:hunter2@mlflow.example:5000/base";
  for (const [values, environment] of [
    [{ mlflowTrackingUri: uri }, {}],
    [{}, { MLFLOW_TRACKING_URI: uri }],
  ] as const) {
    const error = t.throws(() => parse(values, environment), { instanceOf: RunError });
    t.regex(error.message, /mlflowTrackingUri.*MLFLOW_TRACKING_PASSWORD/);
    t.notRegex(error.message, /hunter2/);
  }
  t.is(parse({ mlflowTrackingUri: "https://host/a@b" }).mlflowTrackingUri, "https://host/a@b");
});

test("features list the model's features instead of a service", (t) => {
  const { training } = parse({ features: "purchases:total, support:tickets" });
  t.deepEqual(training.features, ["purchases:total", "support:tickets"]);
  t.is(training.service, undefined);
});

for (const [text, value] of [
  ["sqrt", "sqrt"],
  ["all", null],
  ["3", 3],
  ["0.5", 0.5],
] as const) {
  test(`maxFeatures ${text} is ${value} to the forest`, (t) => {
    t.is(parse({ maxFeatures: text }).training.forest.maxFeatures, value);
  });
}

test("maxDepth 0 is no bound", (t) => {
  t.is(parse({ maxDepth: "0" }).training.forest.maxDepth, null);
});
