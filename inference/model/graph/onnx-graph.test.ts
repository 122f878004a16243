import test from "ava";
import fc from "fast-check";
import { mlNode, node, smallOnnx } from "../../fixtures/small-onnx.ts";
import { UnsupportedModel } from "../unsupported-model.ts";
import { classifierLabels } from "./class-labels.ts";
import { missingText } from "./missing-text.ts";
import { readGraph } from "./onnx-graph.ts";

function nodes(...nodes: readonly object[]) {
  return readGraph(smallOnnx({ nodes, inputs: [], outputs: [] })).nodes;
}

const ml = (opType: string, attributes: Parameters<typeof node>[3]) => mlNode(opType, "x", ["y"], attributes);

test("bytes that hold no model are refused, and none do harm", (t) => {
  const empty = { instanceOf: UnsupportedModel, message: /no ONNX model: expected one graph, got 0/ };
  t.throws(() => readGraph(new Uint8Array()), empty);
  const whole = smallOnnx({ nodes: [node("Add", ["a", "b"], ["c"])], inputs: [], outputs: [] });
  t.throws(() => readGraph(Buffer.concat([whole, whole])), { message: /got 2/ });
  t.throws(() => readGraph(whole.subarray(0, -1)), { instanceOf: UnsupportedModel });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(whole.length - 1).map((at) => whole.with(at, 255)),
      ),
      (bytes) => {
        try {
          readGraph(bytes);
        } catch (error) {
          t.true(error instanceof UnsupportedModel);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test("an operator is read with what it takes and gives", (t) => {
  t.like(nodes(ml("Scaler", { scale: [1, 2] }))[0], {
    opType: "Scaler",
    domain: "ai.onnx.ml",
    inputs: ["x"],
    outputs: ["y"],
  });
});

test("one classifying operator tells the labels; several or none tell nothing", (t) => {
  const texts = ml("LinearClassifier", { classlabels_strings: ["a", "b"] });
  t.deepEqual(classifierLabels(nodes(ml("Scaler", {}), texts)), ["a", "b"]);
  t.deepEqual(classifierLabels(nodes(ml("SVMClassifier", { classlabels_ints: [3, 5] }))), [3, 5]);
  t.deepEqual(classifierLabels(nodes(ml("TreeEnsembleClassifier", { classlabels_int64s: [0, 1] }))), [0, 1]);
  t.is(classifierLabels(nodes(texts, texts)), undefined);
  t.is(classifierLabels(nodes(ml("TreeEnsembleClassifier", {}))), undefined);
  t.is(
    classifierLabels(nodes(node("TreeEnsembleClassifier", [], [], { classlabels_int64s: [0, 1] }, "my.own"))),
    undefined,
  );
});

test("a missing text is what an encoder has for it, else an empty one", (t) => {
  t.is(missingText(nodes(ml("OneHotEncoder", { cats_strings: ["Oslo", "None"] }))), "None");
  t.is(missingText(nodes(ml("LabelEncoder", { keys_strings: ["nan", "Oslo"] }))), "nan");
  t.is(missingText(nodes(ml("OneHotEncoder", { cats_strings: ["Oslo"] }), ml("Scaler", {}))), "");
});
