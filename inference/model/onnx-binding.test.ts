import test from "ava";
import type { InferenceSession } from "onnxruntime-node";
import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import { modelColumns } from "./model-columns.ts";
import { bindInputs } from "./onnx-inputs.ts";
import { bindOutputs } from "./onnx-outputs.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

type Metadata = InferenceSession.ValueMetadata;
type ElementType = InferenceSession.TensorValueMetadata["type"];

const tensor = (name: string, type: ElementType, ...shape: (string | number)[]): Metadata => ({
  name,
  isTensor: true,
  type,
  shape,
});
const zipMap: Metadata = { name: "output_probability", isTensor: false };
const column = (name: string, required = true): ColumnSpec => ({ name, type: "double", required });
const rows = { count: 2, values: Float64Array.of(1, 2, 3, 4) };

test("a matrix input takes all columns in one tensor of its own type", (t) => {
  const feeds = bindInputs([tensor("X", "float32", "", 2)], [column("a"), column("b")])(rows);
  t.deepEqual([feeds.X?.type, feeds.X?.dims, feeds.X?.data], ["float32", [2, 2], Float32Array.of(1, 2, 3, 4)]);
});

test("inputs by column are found by name, in skl2onnx's spelling too, and get the shape that they declare", (t) => {
  const inputs = [tensor("second", "int64", ""), tensor("first_one", "float64", "", 1)];
  const feeds = bindInputs(inputs, [column("first one"), column("second")])(rows);
  t.deepEqual([feeds.first_one?.dims, feeds.first_one?.data], [[2, 1], Float64Array.of(1, 3)]);
  t.deepEqual([feeds.second?.dims, feeds.second?.data], [[2], BigInt64Array.of(2n, 4n)]);
});

for (const [title, metadata, columns, message] of [
  [
    "a matrix of another width",
    [tensor("X", "float32", "", 3)],
    [column("a"), column("b")],
    /X has the shape \[,3\], expected \[rows, 2\]/,
  ],
  [
    "a column without an input",
    [tensor("a", "float32"), tensor("c", "float32")],
    [column("a"), column("b")],
    /column b: its graph has a, c/,
  ],
  [
    "an input without a column",
    [tensor("a", "float32"), tensor("b", "float32")],
    [column("a")],
    /inputs a, b, its signature 1/,
  ],
  ["an input of strings", [tensor("X", "string", "", 2)], [column("a"), column("b")], /X holds string/],
  [
    "integers for a column that may be missing",
    [tensor("X", "int64", "", 2)],
    [column("a"), column("b", false)],
    /column b may be missing/,
  ],
  ["an input that is no tensor", [zipMap], [column("a"), column("b")], /is no tensor/],
] as const)
  test(`${title} is refused`, (t) => {
    t.throws(() => bindInputs(metadata, columns), { instanceOf: UnsupportedModel, message });
  });

const label = tensor("label", "int64", "");
for (const [title, metadata, message] of [
  ["a ZipMap", [label, zipMap], /output_probability is a sequence of maps .* options=\{'zipmap': False\}/],
  ["a string label", [tensor("label", "string", ""), tensor("p", "float32", "", 2)], /label label is a string/],
  ["a regressor", [tensor("variable", "float32", "", 1)], /no output holds an integer label/],
  ["a label alone", [label], /expected its probabilities as/],
  ["no outputs", [], /no output holds an integer label/],
] as const)
  test(`${title} is refused`, (t) => {
    t.throws(() => bindOutputs(metadata), { instanceOf: UnsupportedModel, message });
  });

test("without a signature the features are the graph's inputs, or numbered", (t) => {
  const names = (metadata: readonly Metadata[]) =>
    modelColumns(undefined, metadata).map(({ name, type }) => [name, type]);
  t.deepEqual(names([tensor("age", "int64", ""), tensor("income", "float32", "", 1)]), [
    ["age", "long"],
    ["income", "float"],
  ]);
  t.deepEqual(names([tensor("X", "float32", "", 2)]), [
    ["x0", "float"],
    ["x1", "float"],
  ]);
  t.throws(() => names([tensor("X", "float32", "", "")]), { message: /doesn't say how many features/ });
});
