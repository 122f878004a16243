import test from "ava";
import { InvalidFeatures } from "../features/feature-problem.ts";
import { openForTest, signature } from "../fixtures/small-model.ts";
import { dataTypes, mlNode, node, smallOnnx, value } from "../fixtures/small-onnx.ts";

test("a missing text is what the graph knows as missing", async (t) => {
  const onnx = smallOnnx({
    nodes: [mlNode("LabelEncoder", "city", ["y"], { keys_strings: ["Oslo", "None", ""], values_floats: [1, 2, 3] })],
    inputs: [value("city", "string", ["N", 1])],
    outputs: [value("y", "float", ["N", 1])],
  });
  const model = await openForTest(t, { onnx, signature: signature(["city", "string", false]) });
  const rows = { count: 3, values: Float64Array.of(0, Number.NaN, 0), texts: [["Oslo", "", ""]] };
  t.deepEqual((await model.run(rows)).values, Float64Array.of(1, 2, 3));
});

test("a graph that refuses unknown categories is served, and they are the request's fault", async (t) => {
  const onnx = smallOnnx({
    nodes: [
      mlNode("OneHotEncoder", "city", ["encoded"], { cats_strings: ["Oslo", "Rome"], zeros: 0 }),
      node("Reshape", ["encoded", "shape"], ["p"]),
      node("ArgMax", ["p"], ["label"], { axis: 1, keepdims: 0 }),
    ],
    initializers: [
      { name: "shape", dims: [2], dataType: dataTypes.int64, rawData: Buffer.from(BigInt64Array.of(-1n, 2n).buffer) },
    ],
    inputs: [value("city", "string", ["N", 1])],
    outputs: [value("label", "int64", ["N"]), value("p", "float", ["N", 2])],
  });
  const model = await openForTest(t, { onnx, signature: signature(["city", "string"]), classes: ["Oslo", "Rome"] });
  const run = (...texts: string[]) =>
    model.run({ count: texts.length, values: new Float64Array(texts.length), texts: [texts] });
  t.deepEqual((await run("Rome", "Oslo")).probabilities, Float64Array.of(0, 1, 1, 0));
  const error = await t.throwsAsync(run("Rome", "Paris"), { instanceOf: InvalidFeatures });
  t.like((error as InvalidFeatures).problems[0], {
    path: "body",
    problem: "value",
    expected: "values that the model knows from its training",
    received: "Unknown Category and zeros = 0.",
  });
});
