import test from "ava";
import { protocolContext } from "../inference/fixtures/protocol-context.ts";
import type { ModelSchema } from "../inference/model/model-schema.ts";
import { openapiDocument } from "../inference/openapi/document.ts";
import type { ColumnSpec } from "../mlflow/model-folder.ts";
import { pythonSchema } from "./python-schema.ts";
import type { ServiceDocument } from "./service-document.ts";

const columns: ColumnSpec[] = [
  { name: "total purchases", type: "long", required: true },
  { name: "class", type: "string", required: true },
  { name: 'a "b"\\', type: "boolean", required: false },
  { name: "score", type: "double", required: false },
];

const { model } = protocolContext(columns);

function schemaOf(overrides: Partial<ModelSchema> = {}): string {
  const limits = { bodyLimit: 1000, rowLimit: 10, ignoreUnknown: false };
  const document = openapiDocument({ ...model, schema: { ...model.schema, ...overrides } }, limits);
  return pythonSchema(document as unknown as ServiceDocument, "Types.");
}

test("features are typed whatever their names are, and those that may be missing may be left out", (t) => {
  const schema = schemaOf();
  t.true(
    schema.includes(`_RequiredInputs = TypedDict("_RequiredInputs", {
    "total purchases": Sequence[int],
    "class": Sequence[str],
})

_OptionalInputs = TypedDict("_OptionalInputs", {
    "a \\"b\\"\\\\": Sequence[Optional[Literal[True, False, 1, 0]]],
    "score": Sequence[Optional[float]],
}, total=False)

class Inputs(_RequiredInputs, _OptionalInputs):
    pass
`),
    schema,
  );
});

test("a classifier's labels are known to the types, be they numbers or texts", (t) => {
  t.true(schemaOf().includes('"predictions": list[Literal[0, 1]]'));
  const texts = schemaOf({ prediction: "string", classes: ["leaves", "stays"] });
  t.true(texts.includes('"predictions": list[Literal["leaves", "stays"]]'));
});

test("a model without probabilities can't be asked for them", (t) => {
  const types = schemaOf({ probabilities: false });
  t.true(types.includes("Asked = NoReturn\nAskedOrNot = Literal[False]"));
  t.true(types.includes("class PredictionWithProbabilities(Prediction):\n    pass"));
});
