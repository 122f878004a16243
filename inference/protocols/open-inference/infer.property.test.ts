import test from "ava";
import fc from "fast-check";
import { bytesOf, inferOutputs, inferRequest, type TestTensor } from "../../fixtures/infer-request.ts";
import { type TinyService, tinyService } from "../../fixtures/tiny-service.ts";
import { requestJson } from "../../request-json.ts";

let service: TinyService;
test.before(async () => {
  service = await tinyService({ rowLimit: 50, bodyLimit: 20_000 });
});
test.after.always(() => service.close());

function infer(body: Buffer<ArrayBuffer>, headers: Record<string, string>): Promise<Response> {
  return fetch(`${service.endpoint}/v2/models/tiny/infer`, { method: "POST", body, headers });
}

async function refusedOrAnswered(body: Buffer<ArrayBuffer>, headers: Record<string, string>): Promise<boolean> {
  const answer = await infer(body, headers);
  await answer.arrayBuffer();
  return answer.status === 200 || (answer.status >= 400 && answer.status < 500);
}

const name = fc.constantFrom("age", "income", "score", "other", "__proto__");
const datatype = fc.constantFrom("INT64", "FP64", "FP32", "FP16", "UINT64", "BOOL", "BYTES", "UINT8", "BF16", "");
const nearTensor = fc.record(
  {
    name: fc.oneof(name, fc.jsonValue()),
    datatype: fc.oneof(datatype, fc.jsonValue()),
    shape: fc.oneof(fc.array(fc.oneof(fc.nat(3), fc.integer()), { maxLength: 3 }), fc.jsonValue()),
    data: fc.oneof(fc.array(fc.oneof(fc.integer(), fc.double(), fc.array(fc.integer()))), fc.jsonValue()),
    parameters: fc.oneof(fc.record({ binary_data_size: fc.oneof(fc.nat(40), fc.jsonValue()) }), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const nearRequest = fc.record(
  {
    id: fc.oneof(fc.string(), fc.jsonValue()),
    inputs: fc.oneof(fc.array(fc.oneof(nearTensor, fc.jsonValue())), fc.jsonValue()),
    outputs: fc.oneof(
      fc.array(fc.oneof(fc.record({ name, parameters: fc.jsonValue() }), fc.jsonValue())),
      fc.jsonValue(),
    ),
    parameters: fc.oneof(fc.record({ binary_data_output: fc.oneof(fc.boolean(), fc.jsonValue()) }), fc.jsonValue()),
  },
  { requiredKeys: [] },
);

test("no body of JSON is answered with 5xx", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(nearRequest, fc.jsonValue()), async (json) => {
      t.true(await refusedOrAnswered(Buffer.from(JSON.stringify(json)), { "content-type": "application/json" }));
    }),
    { numRuns: 1000 },
  );
});

test("no binary body is, however long its parts say they are", async (t) => {
  const length = fc.oneof(
    fc.nat(400),
    fc.string({ maxLength: 5 }).filter((text) => /^[\x20-\x7e]*$/.test(text)),
  );
  await fc.assert(
    fc.asyncProperty(
      nearRequest,
      fc.uint8Array({ maxLength: 64 }),
      fc.option(length),
      fc.integer(),
      async (json, tail, given, cut) => {
        const head = Buffer.from(JSON.stringify(json));
        const whole = Buffer.concat([head, tail]);
        const body = cut % 3 === 0 ? whole.subarray(0, Math.abs(cut) % (whole.length + 1)) : whole;
        const headers = { "inference-header-content-length": String(given ?? head.length) };
        t.true(await refusedOrAnswered(body, headers));
      },
    ),
    { numRuns: 1000 },
  );
});

test("a valid binary body with a byte lost, added or changed is refused or answered", async (t) => {
  const { body, headers } = inferRequest([
    { name: "age", datatype: "INT64", shape: [2], bytes: bytesOf.INT64(1n, 2n) },
    { name: "income", datatype: "FP64", shape: [2], bytes: bytesOf.FP64(0.5, 1) },
  ]);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(body.length - 1),
      fc.nat(255),
      fc.constantFrom("lost", "added", "changed"),
      async (at, byte, how) => {
        const rest = body.subarray(how === "added" ? at : at + 1);
        const changed = Buffer.concat(
          [body.subarray(0, at), how === "lost" ? "" : Buffer.of(byte), rest].map((part) => Buffer.from(part)),
        );
        t.true(await refusedOrAnswered(changed, headers));
      },
    ),
    { numRuns: 500 },
  );
});

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const row = fc.tuple(fc.maxSafeInteger(), number, fc.option(number));

test("rows are answered alike, whichever way their tensors are made, and as the service's own endpoint does", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      const columns = {
        age: rows.map(([age]) => age),
        income: rows.map((row) => row[1]),
        score: rows.map((row) => row[2]),
      };
      const native = await requestJson(`${service.endpoint}/predict`, {
        body: { inputs: columns, return_probabilities: true },
      });
      const { predictions, probabilities } = native.body as {
        predictions: number[];
        probabilities: (number | null)[][];
      };
      const shape = [rows.length];
      const doubles = rows.flat().map((value) => value ?? Number.NaN);
      const all = { name: "all", datatype: "FP64", shape: [rows.length, 3] };
      const ways: TestTensor[][] = [
        [{ ...all, data: rows }],
        [{ ...all, data: rows.flat() }],
        [{ ...all, bytes: bytesOf.FP64(...doubles) }],
        [
          { name: "score", datatype: "FP64", shape, data: columns.score },
          { name: "age", datatype: "INT64", shape, bytes: bytesOf.INT64(...columns.age.map(BigInt)) },
          { name: "income", datatype: "FP64", shape, bytes: bytesOf.FP64(...columns.income) },
        ],
      ];
      for (const tensors of ways) {
        const { body, headers } = inferRequest(tensors);
        const answer = await infer(body, headers);
        t.is(answer.status, 200);
        const outputs = inferOutputs(Buffer.from(await answer.arrayBuffer()), null);
        t.deepEqual(outputs.predictions!.data, predictions);
        t.deepEqual(outputs.probabilities!.data, probabilities.flat());
      }
    }),
    { numRuns: 100 },
  );
});
