import test from "ava";
import { openForTest, signature } from "../fixtures/small-model.ts";
import { dataTypes, doubles, mapsValue, mlNode, node, smallOnnx, value } from "../fixtures/small-onnx.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

const words = ["basic", "gold", "silver"];

/** Three classes by a softmax of the three features. */
const classifier = (attributes: Parameters<typeof node>[3]) =>
  mlNode("LinearClassifier", "X", ["label", "p"], {
    coefficients: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    intercepts: [0, 0, 0],
    post_transform: "SOFTMAX",
    classlabels_strings: words,
    ...attributes,
  });

function classifierOnnx(last: readonly object[], output: object, attributes: Parameters<typeof node>[3] = {}) {
  const inputs = [value("X", "float", ["N", 3])];
  return smallOnnx({
    nodes: [classifier(attributes), ...last],
    inputs,
    outputs: [value("label", "string", ["N"]), output],
  });
}

const softmax = (row: readonly number[]) => {
  const sum = row.reduce((total, score) => total + Math.exp(score), 0);
  return row.map((score) => Math.exp(score) / sum);
};

for (const [title, onnx] of [
  [
    "a ZipMap's maps",
    classifierOnnx([mlNode("ZipMap", "p", ["maps"], { classlabels_strings: words })], mapsValue("maps", "string")),
  ],
  ["a matrix", classifierOnnx([], value("p", "float", ["N", 3]))],
] as const)
  test(`a classifier with labels of text is served from ${title}`, async (t) => {
    const model = await openForTest(t, { onnx });
    t.like(model.schema, { task: "classification", prediction: "string", probabilities: true, classes: words });
    const { values, probabilities, classes } = await model.run({
      count: 2,
      values: Float64Array.of(0, 2, 1, 1, 0, -1),
    });
    t.deepEqual(values, ["gold", "basic"]);
    t.is(classes, 3);
    for (const [at, expected] of [...softmax([0, 2, 1]), ...softmax([1, 0, -1])].entries())
      t.true(Math.abs(probabilities[at]! - expected) < 1e-6);
  });

test("the model folder's classes come before the graph's, where there are as many as probabilities", async (t) => {
  const onnx = classifierOnnx([], value("p", "float", ["N", 3]));
  t.deepEqual((await openForTest(t, { onnx, classes: ["a", "b", "c"] })).schema.classes, ["a", "b", "c"]);
  t.deepEqual((await openForTest(t, { onnx, classes: ["a", "b"] })).schema.classes, words);
});

test("numbers beyond 0 … 1 are no probabilities: the label alone is answered", async (t) => {
  const onnx = classifierOnnx([], value("p", "float", ["N", 3]), { post_transform: "NONE", intercepts: [-1, 0, 2] });
  const model = await openForTest(t, { onnx });
  t.false("classes" in model.schema);
  t.false(model.schema.probabilities);
  const answer = await model.run({ count: 1, values: Float64Array.of(9, 0, 0) });
  t.deepEqual(answer, { values: ["basic"], probabilities: new Float64Array(), classes: 0 });
});

const three = [value("X", "double", ["N", 3])];

test("a single output of probabilities is served where the model folder names its classes", async (t) => {
  const onnx = smallOnnx({
    nodes: [node("Softmax", ["X"], ["p"], { axis: -1 })],
    inputs: three,
    outputs: [value("p", "double", ["N", 3])],
  });
  const rows = { count: 2, values: Float64Array.of(0, 2, 2, 0, 1, 5) };
  for (const [classes, prediction, values] of [
    [[10, 20, 30], "integer", Float64Array.of(20, 30)],
    [[0.5, 1, 2], "number", Float64Array.of(1, 2)],
    [words, "string", ["gold", "silver"]],
  ] as const) {
    const model = await openForTest(t, { onnx, classes });
    t.like(model.schema, { prediction, probabilities: true, classes });
    t.deepEqual((await model.run(rows)).values, values);
  }
  await t.throwsAsync(openForTest(t, { onnx }), {
    instanceOf: UnsupportedModel,
    message: /output p holds 3 values a row/,
  });
  await t.throwsAsync(openForTest(t, { onnx, classes: [0, 1] }), {
    instanceOf: UnsupportedModel,
    message: /metadata names 2 classes, and it gives 3 values a row/,
  });
});

test("scores in the place of such probabilities are refused", async (t) => {
  const onnx = smallOnnx({
    nodes: [node("Neg", ["X"], ["scores"])],
    inputs: three,
    outputs: [value("scores", "double", ["N", 3])],
  });
  await t.throwsAsync(openForTest(t, { onnx, classes: words }), {
    instanceOf: UnsupportedModel,
    message: /output scores holds numbers beyond 0 … 1, .* Softmax/,
  });
});

test("a regressor answers a number a row, to inputs a column in another order than the signature's", async (t) => {
  const onnx = smallOnnx({
    nodes: [node("Cast", ["item_count"], ["count"], { to: dataTypes.double }), node("Mul", ["price", "count"], ["y"])],
    inputs: [value("price", "double", ["N", 1]), value("item_count", "int64", ["N", 1])],
    outputs: [value("y", "double", ["N", 1])],
  });
  const model = await openForTest(t, {
    onnx,
    signature: signature(["item count", "integer"], ["price", "double", false]),
  });
  t.like(model.schema, { task: "regression", prediction: "number", probabilities: false });
  t.deepEqual(await model.run({ count: 2, values: Float64Array.of(3, 0.5, 2, Number.NaN) }), {
    values: Float64Array.of(1.5, Number.NaN),
    probabilities: new Float64Array(),
    classes: 0,
  });
});

for (const [type, to, expected] of [
  ["int64", dataTypes.int64, [-(2 ** 40), 7]],
  ["int32", dataTypes.int32, [-5, 7]],
  ["bool", dataTypes.bool, [1, 0]],
] as const)
  test(`a label alone, of ${type}, is served as an integer`, async (t) => {
    const onnx = smallOnnx({
      nodes: [node("Cast", ["X"], ["label"], { to })],
      inputs: [value("X", "double", ["N", 1])],
      outputs: [value("label", type, ["N", 1])],
    });
    const model = await openForTest(t, { onnx });
    t.like(model.schema, { task: "classification", prediction: "integer", probabilities: false });
    t.deepEqual(
      (await model.run({ count: 2, values: Float64Array.from(expected) })).values,
      Float64Array.from(expected),
    );
  });

test("more than one value a row, which only running shows, is refused at load", async (t) => {
  const onnx = smallOnnx({
    nodes: [node("Identity", ["X"], ["y"])],
    inputs: [value("X", "double", ["N", "K"])],
    outputs: [value("y", "double", ["N", "K"])],
  });
  const columns = signature(["a", "double"], ["b", "double"], ["c", "double"]);
  await t.throwsAsync(openForTest(t, { onnx, signature: columns }), {
    instanceOf: UnsupportedModel,
    message: /output y came with the shape \[2,3\], expected \[2\]/,
  });
});

test("a graph that doesn't run on several rows is refused at load, with what ONNX Runtime says", async (t) => {
  const onnx = smallOnnx({
    initializers: [doubles("weights", [1, 2, 3, 4, 5, 6, 7], [7, 1])],
    nodes: [node("MatMul", ["X", "weights"], ["y"])],
    inputs: [value("X", "double", ["N", "K"])],
    outputs: [value("y", "double", ["N", 1])],
  });
  await t.throwsAsync(openForTest(t, { onnx, signature: signature(["a", "double"], ["b", "double"]) }), {
    instanceOf: UnsupportedModel,
    message: /it doesn't run: .*MatMul/s,
  });
});

test("however many threads a run has, a row is answered alike, alone or among many", async (t) => {
  const onnx = classifierOnnx([], value("p", "float", ["N", 3]));
  const many = { count: 200, values: Float64Array.from({ length: 600 }, (_, at) => (at % 7) - 3) };
  const [one, several] = [await openForTest(t, { onnx }), await openForTest(t, { onnx }, 3)];
  const expected = await one.run(many);
  t.deepEqual(await several.run(many), expected);
  for (let row = 0; row < 7; row++) {
    const alone = { count: 1, values: many.values.slice(3 * row, 3 * row + 3) };
    t.deepEqual(await several.run(alone), await one.run(alone));
    t.deepEqual((await several.run(alone)).values, expected.values.slice(row, row + 1));
  }
});
