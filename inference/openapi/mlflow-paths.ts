import { mlflowVersion } from "../../mlflow/model-folder.ts";
import type { DescribedModel } from "./described-model.ts";
import { type ExampleValue, exampleColumns, exampleInstances } from "./example-rows.ts";
import { operation, requestBody, response } from "./operations.ts";
import { commonHeaders, problems } from "./problem-responses.ts";
import { json, ref, type Schema } from "./schema.ts";

const tag = "MLflow";

/** The endpoints of MLflow's scoring server, which are those of a SageMaker container, too. */
export function mlflowPaths(model: DescribedModel): Schema {
  const ping = (description: string) => ({ description, headers: commonHeaders, content: text("\n") });
  return {
    "/invocations": {
      post: {
        ...operation("invocations", tag, "Predict rows given as MLflow's clients do", {
          200: response("The graph's outputs, by their names.", "InvocationsResponse"),
          ...problems(400, 413, 415, 422, 500, 503),
        }),
        ...requestBody({
          ...json(ref("InvocationsRequest"), { dataframe_split: exampleFrame(model) }),
          "text/csv": {
            schema: { type: "string", description: "A line of names, a line a row." },
            example: exampleCsv(model),
          },
        }),
      },
    },
    "/ping": {
      get: operation("ping", tag, "Whether requests are taken", { 200: ping("Ready."), 503: ping("Not ready.") }),
    },
    "/version": {
      get: operation("version", tag, "The MLflow whose protocol and model folders these are", {
        200: { description: "Its version.", headers: commonHeaders, content: text(mlflowVersion) },
      }),
    },
  };
}

function text(example: string): Schema {
  return { "text/plain": { schema: { type: "string" }, example } };
}

function exampleFrame(model: DescribedModel): { columns: string[]; data: ExampleValue[][] } {
  const data = exampleInstances(model).map((row) => Object.values(row));
  return { columns: Object.keys(exampleColumns(model)), data };
}

function exampleCsv(model: DescribedModel): string {
  const { columns, data } = exampleFrame(model);
  return [columns, ...data].map((fields) => `${fields.map(csvField).join(",")}\n`).join("");
}

function csvField(value: ExampleValue): string {
  const field = String(value);
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
