import test from "ava";
import type { InferenceSession } from "onnxruntime-node";
import { outputRoles } from "./output-roles.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

type Metadata = InferenceSession.ValueMetadata;
type ElementType = InferenceSession.TensorValueMetadata["type"];

const tensor = (name: string, type: ElementType, ...shape: (string | number)[]): Metadata => ({
  name,
  isTensor: true,
  type,
  shape,
});
const label = tensor("label", "int64", "");

/** Roles by the outputs' names. */
function roles(...[metadata, zipped, classes]: Parameters<typeof outputRoles>) {
  const { label, value, probabilities } = outputRoles(metadata, zipped, classes);
  return {
    ...(label && { label: label.name }),
    ...(value && { value: value.name }),
    ...(probabilities && { [probabilities.kind]: probabilities.names }),
  };
}

for (const [title, metadata, expected] of [
  ["a label and a matrix", [label, tensor("p", "float32", "", 3)], { label: "label", matrix: ["p"] }],
  [
    "a text label, its probabilities first",
    [tensor("p", "float64", "", 2), tensor("out", "string", "", 1)],
    { label: "out", matrix: ["p"] },
  ],
  ["a matrix of unknown shape", [label, tensor("p", "float32")], { label: "label", matrix: ["p"] }],
  [
    "an output a class",
    [tensor("no", "float32", ""), label, tensor("yes", "float32", "", 1)],
    { label: "label", columns: ["no", "yes"] },
  ],
  [
    "LightGBM's label, as onnxmltools declares it",
    [tensor("label", "int64", 1), tensor("probabilities", "float32", "", 2)],
    { label: "label", matrix: ["probabilities"] },
  ],
  ["a label alone", [tensor("out", "bool", "")], { label: "out" }],
  ["a clusterer's distances", [label, tensor("scores", "float32", "", 3)], { label: "label" }],
  [
    "an outlier detector's score",
    [tensor("label", "int64", "", 1), tensor("scores", "float32", "", 1)],
    { label: "label" },
  ],
  [
    "skl2onnx's further outputs",
    [
      tensor("class_labels", "string", 2),
      tensor("decision_path", "string", "", 1),
      tensor("decision_leaf", "int64", "", 1),
      label,
      tensor("raw", "float32", "", 2),
      tensor("probabilities", "float32", "", 2),
    ],
    { label: "label", matrix: ["probabilities"] },
  ],
  ["one number a row", [tensor("variable", "float32", "", 1)], { value: "variable" }],
  ["one number a row, as a vector", [tensor("y", "float64", "")], { value: "y" }],
  ["one number a row, as far as is known", [tensor("y", "float64", "", "")], { value: "y" }],
] as const)
  test(`outputs are told apart: ${title}`, (t) => {
    t.deepEqual(roles(metadata), expected);
  });

test("what a ZipMap took are the probabilities, whatever they are called and look like", (t) => {
  t.deepEqual(roles([label, tensor("scores", "float32"), tensor("p", "float32", "", 2)], ["scores"]), {
    label: "label",
    matrix: ["scores"],
  });
});

test("where the model folder names classes, one output of several numbers is their probabilities", (t) => {
  t.deepEqual(roles([tensor("p", "float32", "", 3)], [], 3), { matrix: ["p"] });
  t.deepEqual(roles([tensor("p", "float32", "", "")], [], 3), { matrix: ["p"] });
  t.deepEqual(roles([tensor("y", "float32", "", 1)], [], 2), { value: "y" });
});

for (const [title, metadata, message, zipped] of [
  ["several targets", [tensor("y", "float32", "", 2)], /output y holds 2 values a row, .* a model a target.*classes/],
  ["an image", [tensor("y", "float32", "", 3, 8, 8)], /output y holds 192 values a row/],
  [
    "several labels a row",
    [tensor("label", "int64", "", 2), tensor("p", "float32", 2, "", 2)],
    /outputs are label int64\[,2\], p float32\[2,,2\]: expected one number/,
  ],
  ["several labels", [tensor("a", "int64", ""), tensor("b", "int64", "")], /outputs are a int64\[\], b int64\[\]/],
  [
    "several numbers",
    [tensor("mean", "float32", "", 1), tensor("std", "float32", "")],
    /outputs are mean float32\[,1\], std/,
  ],
  [
    "several matrices",
    [label, tensor("a", "float32", "", 2), tensor("b", "float32", "", 2)],
    /expected one output of probabilities, got a .*, b /,
  ],
  [
    "several ZipMaps",
    [label, tensor("a", "float32"), tensor("b", "float32")],
    /expected one output of probabilities/,
    ["a", "b"],
  ],
  [
    "maps that no ZipMap makes",
    [label, { name: "maps", isTensor: false }],
    /output maps is a sequence or map, .* no ZipMap operator at the graph's end/,
  ],
  ["no outputs", [], /outputs are none/],
] as const)
  test(`${title}: refused`, (t) => {
    t.throws(() => roles(metadata, zipped), { instanceOf: UnsupportedModel, message });
  });
