import test from "ava";
import fc from "fast-check";
import type { ColumnSpec, ColumnType } from "../../mlflow/model-folder.ts";
import { InvalidFeatures } from "../features/feature-problem.ts";
import type { FeatureRows } from "../features/feature-rows.ts";
import { bindInputs } from "./onnx-inputs.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

const column = (name: string, type: ColumnType, required = true): ColumnSpec => ({ name, type, required });

/** Feeds rows to one input named `in`, which takes these places of the columns. */
function feed(
  type: string,
  columns: readonly ColumnSpec[],
  rows: FeatureRows,
  places: readonly number[] = columns.map((_, at) => at),
  missingText?: string,
) {
  const input = { name: "in", type, vector: false, width: places.length, columns: places };
  const { in: tensor } = bindInputs({ columns, inputs: [input] }, missingText)(rows);
  return { type: tensor?.type, dims: tensor?.dims, data: tensor?.data };
}

const numbers = [column("a", "long"), column("b", "boolean")];
const rows = { count: 2, values: Float64Array.of(1, 0, 3, 1) };

for (const [type, data] of [
  ["float64", rows.values],
  ["float32", Float32Array.of(1, 0, 3, 1)],
  ["int64", BigInt64Array.of(1n, 0n, 3n, 1n)],
  ["int32", Int32Array.of(1, 0, 3, 1)],
  ["int16", Int16Array.of(1, 0, 3, 1)],
  ["int8", Int8Array.of(1, 0, 3, 1)],
  ["uint32", Uint32Array.of(1, 0, 3, 1)],
  ["uint16", Uint16Array.of(1, 0, 3, 1)],
  ["uint8", Uint8Array.of(1, 0, 3, 1)],
] as const)
  test(`a matrix of ${type} holds all columns, row by row`, (t) => {
    t.deepEqual(feed(type, numbers, rows), { type, dims: [2, 2], data });
  });

test("a matrix of float64 is the rows themselves", (t) => {
  t.is(feed("float64", numbers, rows).data, rows.values);
});

test("an input takes its own columns out of the rows, in its own order", (t) => {
  const three = [column("a", "double"), column("b", "double"), column("c", "boolean")];
  const values = Float64Array.of(1, 2, 0, 4, 5, 1);
  t.deepEqual(feed("float64", three, { count: 2, values }, [1, 0]).data, Float64Array.of(2, 1, 5, 4));
  t.deepEqual(feed("float32", three, { count: 2, values }, [1]).data, Float32Array.of(2, 5));
  t.deepEqual(feed("bool", three, { count: 2, values }, [2]).data, Uint8Array.of(0, 1));
});

test("a vector has one dimension", (t) => {
  const inputs = [{ name: "in", type: "float32", vector: true, width: 1, columns: [1] }];
  t.deepEqual(bindInputs({ columns: numbers, inputs })(rows).in?.dims, [2]);
});

test("every integer that a request may hold reaches int64 as it is", (t) => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (integer) => {
      const { data } = feed("int64", [column("a", "long")], { count: 1, values: Float64Array.of(integer) });
      t.deepEqual(data, BigInt64Array.of(BigInt(integer)));
    }),
  );
});

test("a number beyond the range of its input is the request's fault, and named", (t) => {
  const error = t.throws(() => feed("int8", numbers, { count: 2, values: Float64Array.of(1, 0, 128, 1) }), {
    instanceOf: InvalidFeatures,
  });
  t.deepEqual(error?.problems, [
    { path: "a", feature: "a", problem: "value", expected: "an 8-bit integer", received: "the number 128" },
  ]);
  t.throws(() => feed("uint32", [column("a", "long")], { count: 1, values: Float64Array.of(-1) }), {
    message: /a: expected an unsigned 32-bit integer, got the number -1/,
  });
});

test("texts are fed as they are, a column or a matrix of them, and a missing one as the graph has it", (t) => {
  const mixed = [column("city", "string", false), column("age", "long"), column("plan", "string")];
  const texts = [["Oslo", ""], undefined, ["basic", ""]];
  const some = { count: 2, values: Float64Array.of(0, 7, 0, Number.NaN, 8, 0), texts };
  t.is(feed("string", mixed, some, [2]).data as unknown, texts[2]);
  t.deepEqual(feed("string", mixed, some, [0, 2]), { type: "string", dims: [2, 2], data: ["Oslo", "basic", "", ""] });
  t.deepEqual(feed("string", mixed, some, [0, 2], "None").data, ["Oslo", "basic", "None", ""]);
  t.deepEqual(feed("string", mixed, some, [0], "nan").data, ["Oslo", "nan"]);
});

for (const [type, spec, message] of [
  ["float16", column("a", "double"), /input in holds float16, expected one of float64, float32/],
  ["string", column("a", "double"), /input in \(string\) can't hold column a \(double\)/],
  ["float32", column("a", "string"), /input in \(float32\) can't hold column a \(string\)/],
  ["int64", column("a", "double"), /input in \(int64\) can't hold column a \(double\): .*long, integer, boolean/],
  ["bool", column("a", "long"), /input in \(bool\) can't hold column a \(long\)/],
  ["int64", column("a", "long", false), /column a may be missing, and its input in \(int64\)/],
  ["bool", column("a", "boolean", false), /column a may be missing/],
] as const)
  test(`a column (${spec.type}, ${spec.required ? "required" : "optional"}) that ${type} can't hold is refused`, (t) => {
    t.throws(() => feed(type, [spec], rows), { instanceOf: UnsupportedModel, message });
  });
