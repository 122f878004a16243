import test from "ava";
import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import { type GraphInput, graphInputs } from "./graph-input.ts";
import { modelColumns } from "./model-columns.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

const vector = (name: string, type = "float32"): GraphInput => ({ name, type, vector: true, width: 1 });
const matrix = (name: string, width: number | undefined, type = "float32"): GraphInput => ({
  name,
  type,
  vector: false,
  width,
});
const column = (name: string): ColumnSpec => ({ name, type: "double", required: true });

/** The columns that each input takes, by their names. */
function taken(inputs: readonly GraphInput[], names: readonly string[]): (readonly string[])[] {
  const found = modelColumns(inputs, { signature: { inputs: names.map(column), outputs: [] } });
  return found.inputs.map(({ columns }) => columns.map((at) => found.columns[at]!.name));
}

test("one input takes all columns in order, whatever it is called", (t) => {
  t.deepEqual(taken([matrix("X", 2)], ["a", "b"]), [["a", "b"]]);
  t.deepEqual(taken([matrix("X", undefined)], ["a", "b"]), [["a", "b"]]);
  t.deepEqual(taken([vector("X")], ["a"]), [["a"]]);
});

test("of several, an input takes the column of its name, in any order and in skl2onnx's spelling", (t) => {
  t.deepEqual(taken([vector("b"), matrix("a_1", 1), vector("c_d")], ["c d", "a_1", "b"]), [["b"], ["a_1"], ["c d"]]);
  t.deepEqual(taken([vector("a_b"), vector("a b")], ["a b", "a_b"]), [["a_b"], ["a b"]]);
  t.deepEqual(taken([vector("a_b"), vector("c")], ["c", "a b"]), [["a b"], ["c"]]);
});

test("a column that no input takes is passed over where the others have theirs by name", (t) => {
  t.deepEqual(taken([vector("a"), vector("b")], ["id", "b", "a"]), [["a"], ["b"]]);
});

test("inputs of several columns share those that are left, in order", (t) => {
  t.deepEqual(taken([matrix("num", 2), matrix("cat", 2)], ["a", "b", "c", "d"]), [
    ["a", "b"],
    ["c", "d"],
  ]);
  t.deepEqual(taken([matrix("num", 2), matrix("city", 1)], ["city", "a", "b"]), [["a", "b"], ["city"]]);
});

for (const [title, inputs, names, message] of [
  ["a matrix of another width", [matrix("X", 3)], ["a", "b"], /input X takes 3 columns, and its signature has 2: a, b/],
  [
    "an input without a column",
    [vector("a"), vector("c")],
    ["a", "b"],
    /no column of its signature is named like its input c: the signature has a, b/,
  ],
  [
    "inputs of more columns than are left",
    [matrix("num", 2), matrix("cat", 2)],
    ["a", "b", "c"],
    /inputs num, cat take 4 columns, and its signature has 3 for them: a, b, c/,
  ],
  [
    "an input whose name could be any of two columns'",
    [vector("a_b"), vector("c")],
    ["a b", "a-b", "c"],
    /input a_b could be any of the columns a b, a-b/,
  ],
  [
    "a column whose name could be any of two inputs'",
    [vector("a_b"), vector("a-b")],
    ["a b", "c"],
    /input a_b could be any of the columns a b, its inputs being a_b, a-b/,
  ],
  ["two columns of one name", [matrix("X", 2)], ["a", "a"], /two columns named a/],
] as const)
  test(`${title} is refused`, (t) => {
    t.throws(() => taken(inputs, names), { instanceOf: UnsupportedModel, message });
  });

const derived = (...[inputs, folder]: Parameters<typeof modelColumns>) =>
  modelColumns(inputs, folder).columns.map(({ name, type, required }) => {
    if (!required) throw new Error(`${name} is optional`);
    return `${name} ${type}`;
  });

test("without a signature of columns, they are the graph's inputs, or numbered", (t) => {
  t.deepEqual(derived([vector("age", "int64"), matrix("city", 1, "string")], {}), ["age long", "city string"]);
  t.deepEqual(derived([matrix("X", 2, "float64")], {}), ["x0 double", "x1 double"]);
  t.deepEqual(derived([vector("X")], {}), ["x0 float"]);
  t.deepEqual(derived([matrix("num", 2, "int32"), matrix("vip", 1, "bool")], {}), [
    "num_0 integer",
    "num_1 integer",
    "vip boolean",
  ]);
});

test("a signature of tensors names them, and says how many columns they take", (t) => {
  const tensors = (...inputs: { name?: string; dtype: string; shape: number[] }[]) => ({
    tensors: { inputs, outputs: [] },
  });
  t.deepEqual(derived([matrix("age", 1)], tensors({ name: "age", dtype: "float32", shape: [-1, 1] })), ["age float"]);
  t.deepEqual(derived([matrix("X", undefined)], tensors({ dtype: "float32", shape: [-1, 2] })), [
    "x0 float",
    "x1 float",
  ]);
  const two = tensors({ name: "b", dtype: "str", shape: [-1, 2] }, { name: "a", dtype: "float32", shape: [-1] });
  t.deepEqual(derived([vector("a"), matrix("b", undefined, "string")], two), ["a float", "b_0 string", "b_1 string"]);
});

test("a graph that doesn't say what it takes is refused without a signature", (t) => {
  const refuse = (input: GraphInput, message: RegExp) =>
    t.throws(() => derived([input], { tensors: { inputs: [{ dtype: "float32", shape: [-1, -1] }], outputs: [] } }), {
      instanceOf: UnsupportedModel,
      message,
    });
  refuse(matrix("X", undefined), /neither its signature nor its graph says how many features its input X takes/);
  refuse(matrix("X", 2, "float16"), /input X holds float16, expected one of float64, float32/);
});

test("inputs that can't take rows of columns are refused", (t) => {
  const refuse = (shape: readonly (number | string)[], message: RegExp) =>
    t.throws(() => graphInputs([{ name: "X", isTensor: true, type: "float32", shape }]), {
      instanceOf: UnsupportedModel,
      message,
    });
  refuse(["N", 3, 8, 8], /X has the shape \[N,3,8,8\], expected \[rows, columns\] or \[rows\]/);
  refuse([1, 4], /X has the shape \[1,4\], which takes 1 rows, no more and no less: .* dynamic first dimension/);
  t.throws(() => graphInputs([{ name: "X", isTensor: false }]), { message: /input X is no tensor/ });
});
