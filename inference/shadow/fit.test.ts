import test from "ava";
import type { ColumnType } from "../../mlflow/model-folder.ts";
import { type ComparedSchema, fitSchemas } from "./fit.ts";

function schema(columns: Record<string, ColumnType>, others: Partial<ComparedSchema> = {}): ComparedSchema {
  const specs = Object.entries(columns).map(([name, type]) => ({ name, type, required: true }));
  return { columns: specs, task: "classification", prediction: "integer", ...others };
}

const main = schema({ age: "long", income: "double", city: "string" }, { classes: [0, 1] });

test("a shadow takes the columns of the model that answers, or some of them, in its own order", (t) => {
  t.deepEqual(fitSchemas(main, main), { task: "classification", columns: [0, 1, 2], classes: [0, 1] });
  const some = schema({ city: "string", age: "long" }, { classes: [1, 0] });
  t.deepEqual(fitSchemas(main, some), { task: "classification", columns: [2, 0], classes: [1, 0] });
});

test("where a model doesn't say its classes they are taken to be in the same order", (t) => {
  const fit = { task: "classification", columns: [0] } as const;
  t.deepEqual(fitSchemas(main, schema({ age: "long" })), fit);
  t.deepEqual(fitSchemas(schema({ age: "long" }), schema({ age: "long" }, { classes: [0, 1] })), fit);
});

test("regressors fit", (t) => {
  const regressor = schema({ age: "long" }, { task: "regression", prediction: "number" });
  t.deepEqual(fitSchemas(regressor, regressor), { task: "regression", columns: [0] });
});

for (const [what, shadow, reason] of [
  [
    "another column",
    schema({ age: "long", height: "double", weight: "float" }),
    /columns .*: height \(double\), weight \(float\)$/,
  ],
  ["a column of another type", schema({ age: "double" }), /columns .*: age \(double\)$/],
  ["other classes", schema({ age: "long" }, { classes: [1, 2] }), /^its classes are 1, 2, those .* 0, 1$/],
  ["more classes", schema({ age: "long" }, { classes: [0, 1, 2] }), /^its classes are 0, 1, 2, those .* 0, 1$/],
  ["fewer classes", schema({ age: "long" }, { classes: [0] }), /^its classes are 0, those .* 0, 1$/],
  [
    "texts as labels",
    schema({ age: "long" }, { prediction: "string" }),
    /^its predictions are of type string, those .* integer$/,
  ],
  [
    "another task",
    schema({ age: "long" }, { task: "regression" }),
    /^it does regression, the model that answers classification$/,
  ],
] as const)
  test(`a shadow with ${what} can't be compared, and the reason says so`, (t) => {
    const fit = fitSchemas(main, shadow);
    t.regex(typeof fit === "string" ? fit : "", reason);
  });
