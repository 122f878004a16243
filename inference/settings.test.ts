import { availableParallelism } from "node:os";
import test from "ava";
import { defaultLimits } from "./http/server-limits.ts";
import { readSettings, usage } from "./settings.ts";

test("without variables the defaults are those that the help names", (t) => {
  const settings = readSettings({});
  t.like(settings, {
    trackingUri: "./mlruns",
    modelName: "churn_predictor_feast",
    modelVersion: "latest",
    modelPath: undefined,
    expectationFile: undefined,
    host: "127.0.0.1",
    port: 8080,
    logLevel: "info",
    metricsPort: 0,
    threads: Math.min(availableParallelism(), 4),
    http: { limits: defaultLimits, tokens: undefined, corsOrigins: [] },
    drainTimeoutMs: 30_000,
    featureServer: { url: undefined, timeoutMs: 1000, retries: 2, maxAge: "any" },
  });
  for (const { bodyLimit, rowLimit, runRows } of [settings])
    for (const value of [bodyLimit, rowLimit, runRows]) t.true(usage.includes(` ${value}\n`));
});

test("the help names each variable that is read", (t) => {
  const read: string[] = [];
  readSettings(new Proxy({}, { get: (_, name) => void read.push(String(name)) }));
  t.true(read.includes("METRICS_PORT"));
  for (const name of read) t.regex(usage, new RegExp(`\\b${name}\\b`));
});

test("an empty variable counts as absent", (t) => {
  t.deepEqual(readSettings({ PORT: "", MODEL_VERSION: "", HOST: "" }), readSettings({}));
});

for (const [name, value, expected] of [
  ["PORT", "http", "a whole number from 0 to 65535"],
  ["PORT", "65536", "a whole number from 0 to 65535"],
  ["MAX_ROWS", "0", "a whole number from 1 to 10000000"],
  ["DRAIN_SECONDS", "-1", "a whole number from 0 to 3600"],
  ["KEEP_ALIVE_SECONDS", "0", "a whole number from 1 to 3600"],
  ["MODEL_THREADS", "0.5", "a whole number from 1 to 256"],
  ["METRICS_PORT", "on", "a whole number from 0 to 65535"],
  ["MODEL_VERSION", "newest", "latest, a number or @alias"],
  ["FEAST_SERVER_URL", "feast:6566", "an address as http://host:6566"],
  ["FEAST_SERVER_URL", "http://feast?a=b", "an address as http://host:6566"],
  ["FEAST_TIMEOUT_MS", "0", "a whole number from 1 to 60000"],
  ["FEAST_RETRIES", "11", "a whole number from 0 to 10"],
  ["MAX_FEATURE_AGE", "0", "seconds, ttl or any"],
  ["LOG_LEVEL", "loud", "trace, debug, info, warn, error, fatal, silent"],
] as const)
  test(`${name}=${value} is refused`, (t) => {
    t.throws(() => readSettings({ [name]: value }), { message: `${name}: expected ${expected}, got "${value}"` });
  });

test("a feature server's address with a password in it is refused, and not repeated", (t) => {
  const error = t.throws(() => readSettings({ FEAST_SERVER_URL: "http://me:hunter2@feast:6566" }));
  t.regex(error.message, /^FEAST_SERVER_URL: expected an address without user and password/);
  t.notRegex(error.message, /hunter2/);
});

test("METRICS_PORT is another port than PORT, the default one too", (t) => {
  const message = /^METRICS_PORT: expected another port than PORT, got 80(80|00) for both$/;
  t.throws(() => readSettings({ PORT: "8000", METRICS_PORT: "8000" }), { message });
  t.throws(() => readSettings({ METRICS_PORT: "8080" }), { message });
  t.like(readSettings({ PORT: "0" }), { port: 0, metricsPort: 0 });
});
