import test from "ava";
import { bytesOf } from "../../fixtures/infer-request.ts";
import { age, city, columns, income, matrix, readTensors, vip } from "../../fixtures/infer-tensors.ts";
import { protocolContext } from "../../fixtures/protocol-context.ts";

const texts = protocolContext([city, vip]);

const expected = { count: 2, values: Float64Array.of(3, 0.5, -1, Number.NaN) };
for (const [title, ...tensors] of [
  ["a tensor a feature, as JSON", { ...age, data: [3, -1] }, { ...income, data: [0.5, null] }],
  ["a tensor a feature, in another order and nested", { ...income, data: [[0.5], [null]] }, { ...age, data: [3, -1] }],
  [
    "a tensor a feature, binary",
    { ...age, bytes: bytesOf.INT64(3n, -1n) },
    { ...income, bytes: bytesOf.FP64(0.5, Number.NaN) },
  ],
  ["a tensor a feature, one binary", { ...age, data: [3, -1] }, { ...income, bytes: bytesOf.FP64(0.5, Number.NaN) }],
  ["one tensor of all, flat", { ...matrix, data: [3, 0.5, -1, null] }],
  [
    "one tensor of all, nested",
    {
      ...matrix,
      data: [
        [3, 0.5],
        [-1, null],
      ],
    },
  ],
  ["one tensor of all, binary", { ...matrix, bytes: bytesOf.FP64(3, 0.5, -1, Number.NaN) }],
  ["one tensor of all, of 32 bits", { ...matrix, datatype: "FP32", bytes: bytesOf.FP32(3, 0.5, -1, Number.NaN) }],
] as const)
  test(`rows come as ${title}`, (t) => {
    t.deepEqual(readTensors(tensors).rows, expected);
  });

test("an optional feature may be left out, and the only feature of a model may have any name in [rows, 1]", (t) => {
  t.deepEqual(readTensors([{ ...age, data: [3, -1] }]).rows.values, Float64Array.of(3, Number.NaN, -1, Number.NaN));
  const one = protocolContext(columns.slice(1));
  t.deepEqual(readTensors([{ ...income, name: "X", data: [1, 2] }], one).rows.values, Float64Array.of(1, 2));
  t.deepEqual(readTensors([{ ...income, shape: [1], data: [1] }], one).rows.values, Float64Array.of(1));
});

test("texts and truth values come as BYTES and BOOL, in JSON and binary", (t) => {
  const rows = { count: 2, values: Float64Array.of(0, 1, 0, 0), texts: [["Ålesund", ""], undefined] };
  const shape = [2];
  const json = [
    { name: "city", datatype: "BYTES", shape, data: ["Ålesund", ""] },
    { name: "vip", datatype: "BOOL", shape, data: [true, false] },
  ];
  t.deepEqual(readTensors(json, texts).rows, rows);
  const binary = [
    { name: "city", datatype: "BYTES", shape, bytes: bytesOf.BYTES("Ålesund", "") },
    { name: "vip", datatype: "BOOL", shape, bytes: Buffer.of(1, 0) },
  ];
  t.deepEqual(readTensors(binary, texts).rows, rows);
  const missing = [
    { name: "city", datatype: "BYTES", shape: [1], data: [null] },
    { ...json[1]!, shape: [1], data: [true] },
  ];
  t.deepEqual(readTensors(missing, texts).rows, {
    count: 1,
    values: Float64Array.of(Number.NaN, 1),
    texts: [[""], undefined],
  });
});

for (const [datatype, bytes, value] of [
  ["UINT8", Buffer.of(200), 200],
  ["INT8", Buffer.of(200), -56],
  ["UINT16", Buffer.of(0, 200), 51200],
  ["INT16", Buffer.of(0, 200), -14336],
  ["UINT32", Buffer.of(0, 0, 0, 200), 3355443200],
  ["INT32", Buffer.of(0, 0, 0, 200), -939524096],
  ["UINT64", Buffer.of(255, 255, 255, 255, 255, 255, 31, 0), Number.MAX_SAFE_INTEGER],
  ["INT64", Buffer.of(1, 0, 0, 0, 0, 0, 224, 255), -Number.MAX_SAFE_INTEGER],
  ["FP16", Buffer.of(0, 0x3e), 1.5],
  ["FP32", Buffer.of(0, 0, 192, 63), 1.5],
  ["FP64", Buffer.of(0, 0, 0, 0, 0, 0, 248, 63), 1.5],
] as const)
  test(`${datatype} is read little-endian, and as the same number from JSON`, (t) => {
    const context = protocolContext([columns[1]!]);
    const tensor = { name: "income", datatype, shape: [1] };
    t.deepEqual(readTensors([{ ...tensor, bytes }], context).rows.values, Float64Array.of(value));
    t.deepEqual(readTensors([{ ...tensor, data: [value] }], context).rows.values, Float64Array.of(value));
  });

test("a number of JSON is what a tensor of its datatype would hold", (t) => {
  const context = protocolContext([columns[1]!]);
  const tensor = { name: "income", shape: [1], data: [0.1] };
  t.deepEqual(readTensors([{ ...tensor, datatype: "FP32" }], context).rows.values, Float64Array.of(Math.fround(0.1)));
  t.deepEqual(readTensors([{ ...tensor, datatype: "FP16" }], context).rows.values, Float64Array.of(Math.f16round(0.1)));
});
