import test from "ava";
import { readWrk, requireOk } from "./wrk.ts";

const printed = `Running 3s test @ http://127.0.0.1:8080/predict
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   611.66us  312.05us   9.15ms   94.31%
  74271 requests in 3.10s, 26.84MB read
Requests/sec:  23957.16

{"duration":3100000,"requests":74400,"p50":547,"p99":4629,"max":24870,"statuses":{"200":74390,"503":10},"connect":1,"read":2,"write":0,"timeout":3}
`;

test("reads rate, latencies, statuses and failures of what wrk printed", (t) => {
  t.deepEqual(readWrk(printed), {
    seconds: 3.1,
    rate: 24_000,
    medianMs: 0.547,
    p99Ms: 4.629,
    maxMs: 24.87,
    statuses: { 200: 74_390, 503: 10 },
    failures: 6,
  });
});

test("an output without the script's line is shown in the error", (t) => {
  t.throws(() => readWrk("unable to connect to 127.0.0.1:1 Connection refused\n"), { message: /Connection refused/ });
});

test("a load without an answer is an error that says how long it waited", (t) => {
  const none = printed.replace(/"requests":\d+/, '"requests":0');
  t.throws(() => readWrk(none), { message: "expected answers, got none in 3.1 s, with 6 failures" });
});

test("anything but 200 is an error that says what and how often", (t) => {
  const result = readWrk(printed);
  t.throws(() => requireOk(result), {
    message: "expected 200 to every request, got 10 times 503, 6 failures",
  });
  t.notThrows(() => requireOk({ ...result, statuses: { 200: 5 }, failures: 0 }));
});
