import test from "ava";
import { pino } from "pino";
import { requestJson } from "../request-json.ts";
import { serveMetrics } from "./metrics-server.ts";

const logger = pino({ level: "silent" });

test("/metrics answers in Prometheus' text format, with the process's own metrics", async (t) => {
  const { port, drain } = await serveMetrics("127.0.0.1", 0, logger);
  t.teardown(() => drain(0));
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { Connection: "close" } });
  t.is(answer.status, 200);
  t.is(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const text = await answer.text();
  for (const name of ["nodejs_eventloop_lag_seconds", "process_resident_memory_bytes", "process_cpu_seconds_total"])
    t.regex(text, new RegExp(`^${name} \\d`, "m"));
  t.true(text.endsWith("\n"));
});

test("what else is asked is 404", async (t) => {
  const { port, drain } = await serveMetrics("127.0.0.1", 0, logger);
  t.teardown(() => drain(0));
  t.is((await requestJson(`http://127.0.0.1:${port}/`)).status, 404);
});

test("a taken port is an error that names the variable and the address", async (t) => {
  const { port, drain } = await serveMetrics("127.0.0.1", 0, logger);
  t.teardown(() => drain(0));
  await t.throwsAsync(serveMetrics("127.0.0.1", port, logger), {
    message: `METRICS_PORT: cannot listen on 127.0.0.1:${port}: another process has that port: stop it, or choose another port`,
  });
});
