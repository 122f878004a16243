import test from "ava";
import { TooManyRows } from "../../features/feature-problem.ts";
import { bytesOf, inferRequest } from "../../fixtures/infer-request.ts";
import { age, city, columns, income, matrix, numbers, readTensors, vip } from "../../fixtures/infer-tensors.ts";
import { problemsOf } from "../../fixtures/problems-of.ts";
import { protocolContext, readBody } from "../../fixtures/protocol-context.ts";
import { HttpProblem } from "../../http/http-problem.ts";
import { inferProtocol } from "./infer.ts";

const integer = "an integer of at most 53 bits";
const long = "an integer from -9007199254740991 to 9007199254740991";
const all = "BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64, BYTES";
for (const [title, tensors, ...refusals] of [
  ["no tensors", [], "missing inputs: a tensor age: an integer of at most 53 bits | nothing"],
  ["no rows", [{ ...age, shape: [0], data: [] }], "empty inputs: at least one row | no rows"],
  [
    "an unknown name",
    [{ ...age, name: "X", data: [1, 2] }],
    'unknown inputs[0].name: one of age, income, or one tensor of shape [rows, 2] | the string "X"',
    `missing inputs: a tensor age: ${integer} | nothing`,
  ],
  [
    "a name twice",
    [
      { ...age, data: [1, 2] },
      { ...age, data: [1, 2] },
    ],
    'type inputs[1].name: each input once, as inputs[0] | the string "age"',
  ],
  [
    "another number of rows",
    [
      { ...age, data: [1, 2] },
      { ...income, shape: [1], data: [1] },
    ],
    "length inputs[1].shape: 2 rows, as inputs[0] has | 1 rows",
  ],
  [
    "a feature that is too wide",
    [{ ...age, shape: [1, 3], data: [1, 2, 3] }],
    "length inputs[0].shape: [rows] or [rows, 1] | [1, 3]",
  ],
  [
    "an unknown datatype",
    [{ ...age, datatype: "BF16", data: [1, 2] }],
    `type inputs[0].datatype: one of ${all} | the string "BF16"`,
  ],
  [
    "a shape that is none",
    [{ ...age, shape: [-2], data: [1, 2] }],
    "type inputs[0].shape: [rows], [rows, 1] or [rows, features] | an array of 1",
  ],
  [
    "a shape of three",
    [{ ...age, shape: [1, 2, 1], data: [1, 2] }],
    "type inputs[0].shape: [rows], [rows, 1] or [rows, features] | an array of 3",
  ],
  ["too few values", [{ ...age, data: [1] }], "length inputs[0].data: 2 values, as the shape says | 1 values"],
  [
    "uneven rows",
    [{ ...matrix, data: [[1, 2], [3]] }],
    "length inputs[0].data[1]: an array of 2, as the shape says | an array of 1",
  ],
  ["no data", [age], "missing inputs[0].data: an array | nothing"],
  ["a value of another datatype", [{ ...age, data: [1, 2.5] }], `type inputs[0].data[1]: ${long} | the number 2.5`],
  [
    "a value of another type than the feature's",
    [{ ...matrix, data: [1, 2, 3.5, 4] }],
    `type inputs[0].data[2]: ${integer} | the number 3.5`,
  ],
  [
    "a text for a number",
    [{ ...age, datatype: "BYTES", data: ["1", "2"] }],
    `type inputs[0].data[0]: ${integer} | the string "1"`,
    `type inputs[0].data[1]: ${integer} | the string "2"`,
  ],
  ["null where a value is required", [{ ...age, data: [null, 1] }], `type inputs[0].data[0]: ${integer} | null`],
  [
    "NaN where a value is required",
    [{ ...matrix, bytes: bytesOf.FP64(Number.NaN, 1, 2, 3) }],
    `type inputs[0].data[0]: ${integer} | NaN`,
  ],
  [
    "more than 53 bits in JSON",
    [{ ...age, shape: [1], data: [2 ** 53] }],
    `type inputs[0].data[0]: ${long} | the number 9007199254740992`,
  ],
  [
    "more than 53 bits, binary",
    [{ ...age, shape: [1], bytes: bytesOf.INT64(2n ** 53n + 1n) }],
    `type inputs[0].data[0]: ${long} | the number 9007199254740992`,
  ],
  [
    "infinity",
    [
      { ...age, data: [1, 2] },
      { ...income, bytes: bytesOf.FP64(1, Number.POSITIVE_INFINITY) },
    ],
    "type inputs[1].data[1]: a finite number, or null | a number beyond the range of a double",
  ],
  ["too few bytes", [{ ...age, bytes: Buffer.alloc(15) }], "length inputs[0]: 16 bytes, 2 elements of 8 | 15 bytes"],
  [
    "data beside bytes",
    [{ ...age, data: [1, 2], bytes: Buffer.alloc(16) }],
    "unknown inputs[0].data: no data beside a binary_data_size | an array of 2",
  ],
] as const)
  test(`${title} is refused, saying what and where`, (t) => {
    t.deepEqual(
      problemsOf(() => readTensors(tensors)),
      refusals,
    );
  });

for (const [title, bytes, refusal] of [
  [
    "cut off in a length",
    bytesOf.BYTES("a", "b").subarray(0, 7),
    "length inputs[0]: 2 texts, each behind its length in 4 bytes | 7 bytes",
  ],
  [
    "cut off in a text",
    bytesOf.BYTES("a", "bcd").subarray(0, 10),
    "length inputs[0]: 2 texts, each behind its length in 4 bytes | 10 bytes",
  ],
  [
    "one too many",
    bytesOf.BYTES("a", "b", "c"),
    "length inputs[0]: 2 texts, each behind its length in 4 bytes | 15 bytes",
  ],
  ["no UTF-8", bytesOf.BYTES("a", Buffer.of(0xc3, 0x28)), "type inputs[0][1]: a text in UTF-8 | other bytes"],
] as const)
  test(`texts that are ${title} are refused`, (t) => {
    const tensor = { name: "city", datatype: "BYTES", shape: [2], bytes };
    t.deepEqual(
      problemsOf(() => readTensors([tensor], protocolContext([city]))),
      [refusal],
    );
  });

test("a truth value of 2 is none", (t) => {
  const tensor = { name: "vip", datatype: "BOOL", shape: [1], bytes: Buffer.of(2) };
  t.deepEqual(
    problemsOf(() => readTensors([tensor], protocolContext([vip]))),
    ["type inputs[0].data[0]: true or false | the number 2"],
  );
});

for (const [json, refusal] of [
  ["[]", "type body: an object with inputs | an array of 0"],
  ["{}", "type inputs: an array of tensors | nothing"],
  ['{"inputs":[],"id":7}', "type id: a text | the number 7"],
  ['{"inputs":[7]}', "type inputs[0]: a tensor: an object with name, shape, datatype and data | the number 7"],
  ['{"inputs":[{}]}', "type inputs[0].name: a text | nothing"],
  ['{"inputs":[],"outputs":{}}', "type outputs: an array of the outputs wanted | an object"],
  ['{"inputs":[],"outputs":[1]}', "type outputs[0]: an object with a name | the number 1"],
  ['{"inputs":[],"outputs":[{}]}', "type outputs[0].name: a text | nothing"],
  [
    '{"inputs":[],"outputs":[{"name":"label"}]}',
    'unknown outputs[0].name: one of predictions, probabilities | the string "label"',
  ],
  [
    '{"inputs":[],"outputs":[{"name":"predictions"},{"name":"predictions"}]}',
    'type outputs[1].name: each output once | the string "predictions"',
  ],
  ['{"inputs":[],"parameters":[]}', "type parameters: an object | an array of 0"],
  [
    '{"inputs":[],"parameters":{"binary_data_output":1}}',
    "type parameters.binary_data_output: true or false | the number 1",
  ],
  [
    '{"inputs":[],"outputs":[{"name":"x","parameters":{"classification":2}}]}',
    "unknown outputs[0].parameters.classification: no extension but binary_tensor_data | an object",
  ],
  [
    '{"inputs":[{"name":"age","datatype":"INT64","shape":[1],"parameters":{"binary_data_size":-1}}]}',
    "type inputs[0].parameters.binary_data_size: a number of bytes | the number -1",
  ],
  [
    '{"inputs":[{"name":"age","datatype":"INT64","shape":[1],"parameters":{"binary_data_size":8}}]}',
    "type inputs[0].parameters.binary_data_size: at most the 0 bytes that are left | the number 8",
  ],
  [
    '{"inputs":[{"name":"age","datatype":"INT64","shape":[1],"parameters":{"shared_memory_region":"x"}}]}',
    "unknown inputs[0].parameters.shared_memory_region: no extension but binary_tensor_data | an object",
  ],
] as const)
  test(`the body ${json} is refused`, (t) => {
    t.deepEqual(
      problemsOf(() => readBody(inferProtocol, numbers, json)),
      [refusal],
    );
  });

test("bytes that belong to no tensor are refused, as is a header that is no length", (t) => {
  const { body, headers } = inferRequest([{ ...age, bytes: bytesOf.INT64(3n, -1n) }]);
  t.deepEqual(
    problemsOf(() => readBody(inferProtocol, numbers, Buffer.concat([body, Buffer.of(0)]), headers)),
    ["type inputs: binary_data_size to be 17 together, as many bytes as follow the JSON | the number 16"],
  );
  for (const length of ["-1", "1e3", "", String(body.length + 1), "9".repeat(400)]) {
    const wrong = { ...headers, "inference-header-content-length": length };
    const error = t.throws(() => readBody(inferProtocol, numbers, body, wrong), { instanceOf: HttpProblem });
    t.is(error.status, 400);
  }
});

test("a body without a type is read, one of another type or compressed is not", (t) => {
  const { body } = inferRequest([{ ...age, data: [3, -1] }]);
  t.is(readBody(inferProtocol, numbers, body, {}).rows.count, 2);
  t.is(readBody(inferProtocol, numbers, body, { "content-type": "Application/JSON; charset=utf-8" }).rows.count, 2);
  for (const headers of [{ "content-type": "text/csv" }, { "content-encoding": "gzip" }]) {
    const error = t.throws(() => readBody(inferProtocol, numbers, body, headers), { instanceOf: HttpProblem });
    t.is(error.status, 415);
  }
});

test("more rows than the limit are too many, whatever the tensor holds", (t) => {
  t.throws(() => readTensors([{ ...age, shape: [11], data: [] }]), { instanceOf: TooManyRows, message: /got 11/ });
});

test("unknown inputs are passed over where that is asked for, with their bytes", (t) => {
  const context = protocolContext(columns, { ignoreUnknown: true });
  const unknown = { name: "other", datatype: "FP32", shape: [3, 5], bytes: Buffer.alloc(60) };
  t.deepEqual(readTensors([unknown, { ...age, bytes: bytesOf.INT64(3n, -1n) }], context).rows.count, 2);
});
