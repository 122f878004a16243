import test from "ava";
import fc from "fast-check";
import { type TinyService, tinyService } from "../../fixtures/tiny-service.ts";
import { requestJson } from "../../request-json.ts";

let service: TinyService;
test.before(async () => {
  service = await tinyService({ rowLimit: 50, bodyLimit: 20_000 });
});
test.after.always(() => service.close());

async function invoke(body: string, type: string): Promise<{ status: number; predictions: unknown }> {
  const answer = await fetch(`${service.endpoint}/invocations`, {
    method: "POST",
    body,
    headers: { "content-type": type },
  });
  const { predictions } = JSON.parse(await answer.text());
  return { status: answer.status, predictions };
}

const refusedOrAnswered = (status: number) => status === 200 || (status >= 400 && status < 500);

const name = fc.constantFrom("age", "income", "score", "__proto__", "other", "");
const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.double());
const nearFrame = fc.record(
  {
    columns: fc.oneof(fc.array(name), value),
    index: value,
    data: fc.oneof(fc.array(fc.array(value)), value),
  },
  { requiredKeys: [] },
);
const nearRows = fc.oneof(
  fc.array(fc.oneof(fc.dictionary(name, value), fc.array(value), value)),
  fc.dictionary(name, fc.oneof(value, fc.array(value))),
  value,
);
const nearRequest = fc.oneof(
  fc.record({ dataframe_split: fc.oneof(nearFrame, value) }),
  fc.record({ dataframe_records: nearRows }),
  fc.record({ inputs: nearRows, params: value }, { requiredKeys: ["inputs"] }),
  fc.record({ instances: nearRows, inputs: nearRows }, { requiredKeys: ["instances"] }),
  fc.jsonValue(),
);

test("no body of JSON is answered with 5xx", async (t) => {
  await fc.assert(
    fc.asyncProperty(nearRequest, async (json) => {
      t.true(refusedOrAnswered((await invoke(JSON.stringify(json), "application/json")).status));
    }),
    { numRuns: 1000 },
  );
});

test("no CSV is answered with 5xx", async (t) => {
  const part = fc.oneof(
    fc.constantFrom("age", "income", "score", ",", "\n", "\r\n", '"', "1", "NA", "True", ""),
    fc.string({ maxLength: 4 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(part), async (withNames, parts) => {
      const text = (withNames ? "age,income\n" : "") + parts.join("");
      t.true(refusedOrAnswered((await invoke(text, "text/csv")).status));
    }),
    { numRuns: 1000 },
  );
});

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const row = fc.record({ age: fc.maxSafeInteger(), income: number, score: fc.option(number) });

test("rows are answered alike in each format, and as the service's own endpoint does", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      const native = await requestJson(`${service.endpoint}/batch_predict`, {
        body: { instances: rows, return_probabilities: true },
      });
      const { predictions, probabilities } = native.body as {
        predictions: number[];
        probabilities: (number | null)[][];
      };
      const expected = predictions.map((label, at) => {
        const [first, second] = probabilities[at]!;
        return { label, probability_0: first, probability_1: second };
      });
      const data = rows.map(({ age, income, score }) => [age, income, score]);
      const [age, income, score] = [0, 1, 2].map((at) => data.map((row) => row[at]));
      const bodies = [
        { dataframe_split: { columns: ["age", "income", "score"], data } },
        { dataframe_records: rows },
        { inputs: { age, income, score } },
        { inputs: data },
        { instances: rows },
        { instances: data },
      ];
      for (const body of bodies)
        t.deepEqual(await invoke(JSON.stringify(body), "application/json"), { status: 200, predictions: expected });
      const csv = `score,age,income\n${rows.map((row) => `${row.score ?? ""},${row.age},${row.income}\n`).join("")}`;
      t.deepEqual(await invoke(csv, "text/csv"), { status: 200, predictions: expected });
    }),
    { numRuns: 50 },
  );
});
