import test from "ava";
import { protocolContext } from "../../fixtures/protocol-context.ts";
import type { ModelOutput, ModelSchema } from "../../model/model-schema.ts";
import { predictionsJson } from "./predictions-json.ts";

const predictions = {
  values: Float64Array.of(0, 1),
  probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5),
  classes: 2,
};
const label: ModelOutput = { name: "label", holds: "prediction", nested: false };
const columns: readonly ModelOutput[] = [
  label,
  { name: 'p"0', holds: 0, nested: false },
  { name: "p1", holds: 1, nested: true },
];
const [matrix, map] = (["probabilities", "labelled probabilities"] as const).map((holds): readonly ModelOutput[] => [
  label,
  { name: "p", holds, nested: false },
]) as [readonly ModelOutput[], readonly ModelOutput[]];

function answer(schema: Partial<ModelSchema>, isFrame: boolean, given = predictions): unknown {
  const { model } = protocolContext([], schema);
  return JSON.parse(predictionsJson(model.schema, isFrame, given)).predictions;
}

for (const [title, outputs, records, arrays] of [
  [
    "an output a class",
    columns,
    [
      { label: 0, 'p"0': 0.75, p1: 0.25 },
      { label: 1, 'p"0': 0.5, p1: 0.5 },
    ],
    { label: [0, 1], 'p"0': [0.75, 0.5], p1: [[0.25], [0.5]] },
  ],
  [
    "one output of probabilities",
    matrix,
    [
      { label: 0, p: [0.75, 0.25] },
      { label: 1, p: [0.5, 0.5] },
    ],
    {
      label: [0, 1],
      p: [
        [0.75, 0.25],
        [0.5, 0.5],
      ],
    },
  ],
  [
    "maps of probabilities",
    map,
    [
      { label: 0, p: { no: 0.75, yes: 0.25 } },
      { label: 1, p: { no: 0.5, yes: 0.5 } },
    ],
    {
      label: [0, 1],
      p: [
        { no: 0.75, yes: 0.25 },
        { no: 0.5, yes: 0.5 },
      ],
    },
  ],
] as const)
  test(`a model with ${title} is answered by the graph's names`, (t) => {
    const classes = ["no", "yes"];
    for (const isFrame of [true, false]) {
      t.deepEqual(answer({ outputs, classes, signature: "columns" }, isFrame), records);
      t.deepEqual(answer({ outputs, classes, signature: "tensors" }, isFrame), arrays);
      t.deepEqual(answer({ outputs, classes, signature: "none" }, isFrame), isFrame ? records : arrays);
    }
  });

test("a regressor is answered by its value, null where it is no number; labels may be texts", (t) => {
  const outputs: ModelOutput[] = [{ name: "variable", holds: "prediction", nested: true }];
  const values = { values: Float64Array.of(1.5, Number.NaN), probabilities: new Float64Array(), classes: 0 };
  t.deepEqual(answer({ outputs }, true, values), [{ variable: 1.5 }, { variable: null }]);
  t.deepEqual(answer({ outputs, signature: "tensors" }, true, values), { variable: [[1.5], [null]] });
  const { model } = protocolContext([], { outputs: [label] });
  const texts = { ...values, values: ["ja ✓", '"'] };
  t.is(predictionsJson(model.schema, true, texts), '{"predictions":[{"label":"ja ✓"},{"label":"\\""}]}');
});
