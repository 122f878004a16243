import test from "ava";
import type { Exchange } from "../http/exchange.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { payloadLine, rowsKept } from "./payload-line.ts";

const columns = [
  { name: "age", type: "long", required: true },
  { name: "plan", type: "string", required: false },
  { name: "score", type: "double", required: false },
];
const time = new Date("2025-11-06T10:00:00.123Z");

function line(overrides: object, exchange: object = {}) {
  const model = { name: "churn", version: "3", schema: { columns } };
  const given = { id: "abc-1", path: "/predict", ...exchange } as Exchange;
  const text = payloadLine({ model, milliseconds: 1.23456, ...overrides } as unknown as Prediction, given, time);
  t0(text);
  return JSON.parse(text);
}

function t0(text: string): void {
  if (text.indexOf("\n") !== text.length - 1) throw new Error(`expected one line, got ${text}`);
}

test("a line has the request, the model, the features of each row by name, and what was predicted", (t) => {
  const rows = {
    count: 2,
    values: Float64Array.of(1, 0, 0.5, 2, Number.NaN, Number.NaN),
    texts: [undefined, ["ba\nsic", ""], undefined],
  };
  const predictions = {
    values: Float64Array.of(0, 1),
    probabilities: Float64Array.of(0.9, 0.1, 0.25, 0.75),
    classes: 2,
  };
  t.deepEqual(line({ rows, predictions }, { trace: { traceId: "4b", spanId: "00", flags: 1 } }), {
    timestamp: "2025-11-06T10:00:00.123Z",
    request_id: "abc-1",
    trace_id: "4b",
    span_id: "00",
    route: "/predict",
    model_name: "churn",
    model_version: "3",
    inference_time_ms: 1.235,
    rows: 2,
    instances: [
      { age: 1, plan: "ba\nsic", score: 0.5 },
      { age: 2, plan: null, score: null },
    ],
    predictions: [0, 1],
    probabilities: [
      [0.9, 0.1],
      [0.25, 0.75],
    ],
  });
});

test("a regressor has no probabilities, and a value that isn't a number is null; labels may be texts", (t) => {
  const rows = { count: 2, values: new Float64Array(6) };
  const none = { probabilities: new Float64Array(0), classes: 0 };
  const regressor = line({ rows, predictions: { values: Float64Array.of(1.5, Number.NaN), ...none } });
  t.deepEqual(regressor.predictions, [1.5, null]);
  t.false("probabilities" in regressor);
  t.deepEqual(line({ rows, predictions: { values: ["stays", "leaves"], ...none } }).predictions, ["stays", "leaves"]);
});

test("of many rows the first are kept, beside how many there were", (t) => {
  const count = 3 * rowsKept;
  const rows = { count, values: new Float64Array(3 * count) };
  const predictions = { values: new Float64Array(count), probabilities: new Float64Array(2 * count), classes: 2 };
  const kept = line({ rows, predictions });
  t.is(kept.rows, count);
  for (const each of [kept.instances, kept.predictions, kept.probabilities]) t.is(each.length, rowsKept);
});
