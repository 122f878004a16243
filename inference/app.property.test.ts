import test from "ava";
import fc from "fast-check";
import { type TinyService, tinyService } from "./fixtures/tiny-service.ts";
import { type JsonAnswer, requestJson } from "./request-json.ts";

let service: TinyService;
test.before(async () => {
  service = await tinyService({ rowLimit: 50, bodyLimit: 20_000 });
});
test.after.always(() => service.close());

function ask(path: string, body: unknown): Promise<JsonAnswer> {
  return requestJson(service.endpoint + path, { body });
}

const path = fc.constantFrom("/predict", "/batch_predict", "/health", "/metadata", "/other");
const features = fc.constantFrom("age", "income", "score", "__proto__", "constructor", "other", "");

/** JSON that is nearly a request: right names with wrong values, wrong names with right ones. */
const nearRequest = fc.record(
  {
    inputs: fc.oneof(fc.jsonValue(), fc.dictionary(features, fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())))),
    instances: fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.jsonValue(), fc.dictionary(features, fc.jsonValue())))),
    return_probabilities: fc.oneof(fc.boolean(), fc.jsonValue()),
  },
  { requiredKeys: [] },
);

const row = fc.record(
  {
    age: fc.maxSafeInteger(),
    income: fc.double({ noNaN: true, noDefaultInfinity: true }),
    score: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  },
  { requiredKeys: ["age", "income"] },
);
type Row = { age: number; income: number; score?: number | null };

test("no JSON body at any path is answered with 5xx", async (t) => {
  await fc.assert(
    fc.asyncProperty(path, fc.oneof(fc.jsonValue(), nearRequest), async (path, body) => {
      const { status, body: answer } = await ask(path, body);
      t.true(status === 200 || (status >= 400 && status < 500), `${status}`);
      t.true(typeof answer === "object" && answer !== null);
      if (status === 422) t.true((answer as { errors: unknown[] }).errors.length > 0);
    }),
    { numRuns: 1000 },
  );
});

test("every valid request is 200, and both endpoints answer each row alike, alone or among others", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      async (rows: Row[], withProbabilities) => {
        const column = (name: keyof Row) => rows.map((row) => row[name] ?? null);
        const inputs = { age: column("age"), income: column("income"), score: column("score") };
        const asked = { return_probabilities: withProbabilities };
        const [columns, instances, ...alone] = await Promise.all([
          ask("/predict", { inputs, ...asked }),
          ask("/batch_predict", { instances: rows, ...asked }),
          ...rows.map((row) => ask("/batch_predict", { instances: [row], ...asked })),
        ]);
        t.is(columns.status, 200);
        t.is(instances.status, 200);
        const { predictions, probabilities } = answers(columns);
        t.is(predictions.length, rows.length);
        t.is(probabilities !== undefined, withProbabilities);
        t.deepEqual(answers(instances), { predictions, probabilities });
        t.deepEqual(
          alone.map((one) => answers(one).predictions[0]),
          predictions,
        );
        if (probabilities)
          t.deepEqual(
            alone.map((one) => answers(one).probabilities?.[0]),
            probabilities,
          );
      },
    ),
    { numRuns: 150 },
  );
});

test("a valid request with one value spoilt is 422 and names just that place", async (t) => {
  const spoilt = fc.oneof(fc.string(), fc.constant([]), fc.constant({}), fc.constant(true));
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.nat(),
      spoilt,
      async (rows: Row[], at, value) => {
        const place = at % rows.length;
        const wrong = rows.map((row, index) => (index === place ? { ...row, income: value } : row));
        const { status, body } = await ask("/batch_predict", { instances: wrong });
        t.is(status, 422);
        const { errors } = body as { errors: { path: string; feature: string }[] };
        t.deepEqual(
          errors.map(({ path, feature }) => [path, feature]),
          [[`instances[${place}].income`, "income"]],
        );
      },
    ),
    { numRuns: 200 },
  );
});

function answers({ body }: JsonAnswer) {
  const { predictions, probabilities } = body as { predictions: number[]; probabilities?: number[][] };
  return { predictions, probabilities };
}
