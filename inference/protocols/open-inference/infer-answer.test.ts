import test from "ava";
import { inferOutputs } from "../../fixtures/infer-request.ts";
import { columns, numbers, readTensors } from "../../fixtures/infer-tensors.ts";
import { protocolContext } from "../../fixtures/protocol-context.ts";

const tensor = { name: "age", datatype: "INT64", shape: [2], data: [3, -1] };

function ask(others: object, context = numbers) {
  return readTensors([tensor], context, others);
}

const predictions = { values: Float64Array.of(0, 1), probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5), classes: 2 };
const labels = { datatype: "INT64", shape: [2], data: [0, 1] };
const probabilities = { datatype: "FP64", shape: [2, 2], data: [0.75, 0.25, 0.5, 0.5] };

for (const [title, others, outputs, binary] of [
  ["all outputs where none is named", {}, { predictions: labels, probabilities }, 0],
  [
    "the outputs that are named, in their order",
    { outputs: [{ name: "probabilities" }, { name: "predictions" }] },
    { probabilities, predictions: labels },
    0,
  ],
  [
    "binary where all are to be",
    { parameters: { binary_data_output: true } },
    { predictions: labels, probabilities },
    48,
  ],
  [
    "binary where one is to be",
    { outputs: [{ name: "predictions" }, { name: "probabilities", parameters: { binary_data: true } }] },
    { predictions: labels, probabilities },
    32,
  ],
  [
    "JSON where one is to be",
    {
      parameters: { binary_data_output: true },
      outputs: [{ name: "predictions", parameters: { binary_data: false } }],
    },
    { predictions: labels },
    0,
  ],
] as const)
  test(`the answer holds ${title}`, async (t) => {
    const { type, headers, body } = await ask(others).answer(predictions, 1);
    const bytes = Buffer.from(body);
    const length = headers?.["Inference-Header-Content-Length"];
    t.is(type, binary ? "application/octet-stream" : "application/json");
    t.is(bytes.length - Number(length ?? bytes.length), binary);
    t.deepEqual(inferOutputs(bytes, length), outputs);
    t.deepEqual(Object.keys(inferOutputs(bytes, length)), Object.keys(outputs));
  });

test("the answer names model and version, and the request's id as it came", async (t) => {
  const answer = async (others: object) => JSON.parse(String((await ask(others).answer(predictions, 1)).body));
  t.like(await answer({ id: 'a"é' }), { model_name: "tiny", model_version: "3", id: 'a"é' });
  t.false("id" in (await answer({})));
});

test("texts are answered as BYTES, a regressor's numbers as FP64, without probabilities", async (t) => {
  const binary = { parameters: { binary_data_output: true } };
  for (const others of [{}, binary]) {
    const words = protocolContext(columns, { prediction: "string", classes: ["no", "ja ✓"] });
    const labelled = { ...predictions, values: ["no", "ja ✓"] };
    const answer = await ask(others, words).answer(labelled, 1);
    const outputs = inferOutputs(Buffer.from(answer.body), answer.headers?.["Inference-Header-Content-Length"]);
    t.deepEqual(outputs, { predictions: { datatype: "BYTES", shape: [2], data: ["no", "ja ✓"] }, probabilities });

    const regressor = protocolContext(columns, { task: "regression", prediction: "number", probabilities: false });
    const numbers = { values: Float64Array.of(1.5, -2), probabilities: new Float64Array(), classes: 0 };
    const given = await ask(others, regressor).answer(numbers, 1);
    t.deepEqual(inferOutputs(Buffer.from(given.body), given.headers?.["Inference-Header-Content-Length"]), {
      predictions: { datatype: "FP64", shape: [2], data: [1.5, -2] },
    });
  }
});
