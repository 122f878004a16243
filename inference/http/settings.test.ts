import test from "ava";
import { defaultLimits } from "./server-limits.ts";
import { httpUsage, readHttpSettings } from "./settings.ts";

const token = "a".repeat(32);

test("without variables the service is open, to no other origin, within the limits that the help names", (t) => {
  t.deepEqual(readHttpSettings({}), { limits: defaultLimits, tokens: undefined, corsOrigins: [] });
  const { headerMs, requestMs, answerMs, keepAliveMs, headerBytes, connections } = defaultLimits;
  const inSeconds = [headerMs, requestMs, answerMs, keepAliveMs].map((ms) => ms / 1000);
  for (const value of [...inSeconds, headerBytes, connections]) t.true(httpUsage.includes(` ${value}\n`), `${value}`);
});

test("limits are read, times as milliseconds", (t) => {
  const env = {
    MAX_CONNECTIONS: "10",
    MAX_HEADER_BYTES: "8192",
    HEADER_TIMEOUT_SECONDS: "2",
    REQUEST_TIMEOUT_SECONDS: "3",
    ANSWER_TIMEOUT_SECONDS: "4",
    KEEP_ALIVE_SECONDS: "95",
  };
  t.deepEqual(readHttpSettings(env).limits, {
    connections: 10,
    headerBytes: 8192,
    headerMs: 2000,
    requestMs: 3000,
    answerMs: 4000,
    keepAliveMs: 95_000,
  });
});

test("a head has no more time than its request", (t) => {
  t.like(readHttpSettings({ REQUEST_TIMEOUT_SECONDS: "5" }).limits, { headerMs: 5000, requestMs: 5000 });
  t.throws(() => readHttpSettings({ REQUEST_TIMEOUT_SECONDS: "5", HEADER_TIMEOUT_SECONDS: "6" }), {
    message: "HEADER_TIMEOUT_SECONDS: expected at most REQUEST_TIMEOUT_SECONDS (5), got 6",
  });
});

test("tokens are a file's or given, not both", (t) => {
  t.is(readHttpSettings({ AUTH_TOKENS_FILE: "/tokens" }).tokens, "/tokens");
  t.deepEqual(readHttpSettings({ AUTH_TOKENS: `${token}, ${token}b` }).tokens, [token, `${token}b`]);
  t.throws(() => readHttpSettings({ AUTH_TOKENS: token, AUTH_TOKENS_FILE: "/tokens" }), {
    message: "AUTH_TOKENS: expected it or AUTH_TOKENS_FILE, got both",
  });
});

test("origins are read as browsers send them", (t) => {
  const CORS_ORIGINS = "https://app.example.com, http://localhost:3000";
  t.deepEqual(readHttpSettings({ CORS_ORIGINS }).corsOrigins, ["https://app.example.com", "http://localhost:3000"]);
  t.deepEqual(readHttpSettings({ CORS_ORIGINS: "*" }).corsOrigins, ["*"]);
});

for (const [name, value, expected] of [
  ["CORS_ORIGINS", "app.example.com", "origins, as https://app.example.com, or *"],
  ["CORS_ORIGINS", "https://app.example.com/", "origins, as https://app.example.com, or *"],
  ["CORS_ORIGINS", "https://App.example.com", "origins, as https://app.example.com, or *"],
  ["CORS_ORIGINS", "https://*.example.com", "origins, as https://app.example.com, or *"],
  ["CORS_ORIGINS", "null", "origins, as https://app.example.com, or *"],
  ["MAX_CONNECTIONS", "0", "a whole number from 1 to 1000000"],
  ["MAX_HEADER_BYTES", "100", "a whole number from 1024 to 1048576"],
  ["REQUEST_TIMEOUT_SECONDS", "0", "a whole number from 1 to 3600"],
] as const)
  test(`${name}=${value} is refused`, (t) => {
    t.throws(() => readHttpSettings({ [name]: value }), { message: `${name}: expected ${expected}, got "${value}"` });
  });
