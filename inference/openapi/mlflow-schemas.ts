import type { ModelOutput, ModelSchema } from "../model/model-schema.ts";
import { isUnnamed } from "../protocols/mlflow/invocations.ts";
import type { DescribedModel, Limits } from "./described-model.ts";
import { featuresSchema, rowsSchema, valueSchema } from "./feature-schemas.ts";
import { predictionItem, probabilitiesItem, probabilityItem } from "./prediction-schemas.ts";
import { ref, type Schema } from "./schema.ts";

/** Schemas of what MLflow's scoring server takes and answers, by name. */
export function mlflowSchemas({ schema }: DescribedModel, limits: Limits): Schema {
  const { columns } = schema;
  const unnamed = isUnnamed(schema);
  const instances = rowsSchema(ref("Instance"), limits);
  const arrays = rowsSchema(tuple(columns.map(valueSchema)), limits);
  // Of a single feature, a row needs no array.
  const values = columns.length === 1 ? [rowsSchema(valueSchema(columns[0]!), limits)] : [];
  const nested = featuresSchema(columns, limits, (column) => {
    const value = valueSchema(column);
    return { anyOf: [rowsSchema(value, limits), rowsSchema(tuple([value]), limits)] };
  });
  const oneInput = { type: "object", additionalProperties: arrays, minProperties: 1, maxProperties: 1 };
  return {
    InvocationsRequest: {
      type: "object",
      description: "Exactly one of the four.",
      properties: {
        dataframe_split: splitSchema(limits),
        // Where names are made up, a frame's columns count by their places, whatever they are called.
        dataframe_records: unnamed ? rowsSchema({ type: "object" }, limits) : instances,
        inputs: {
          description: "An array a feature, all of the same length; a value a feature; or as instances.",
          anyOf: [
            { ...nested, minProperties: 1 },
            { ...ref("Instance"), minProperties: 1 },
            ...(unnamed ? [oneInput] : []),
            instances,
            arrays,
            ...values,
          ],
        },
        instances: {
          description: "Rows as objects, or as arrays in the order of the model's features.",
          anyOf: [instances, arrays, ...values],
        },
      },
      oneOf: ["dataframe_split", "dataframe_records", "inputs", "instances"].map((name) => ({ required: [name] })),
    },
    InvocationsResponse: {
      type: "object",
      properties: { predictions: predictionsSchema(schema) },
      required: ["predictions"],
    },
  };
}

function splitSchema(limits: Limits): Schema {
  const value = { type: ["number", "string", "boolean", "null"] };
  return {
    type: "object",
    description: "As pandas' orient `split` has it: a row has as many values as there are columns.",
    properties: {
      columns: { type: "array", items: { type: "string" }, description: "By default the model's features, in order." },
      index: { description: "Passed over." },
      data: rowsSchema({ type: "array", items: value }, limits),
    },
    required: ["data"],
    additionalProperties: false,
  };
}

/** As MLflow answers: a record a row, or an array an output; for a model that declares nothing, as the rows came. */
function predictionsSchema(schema: ModelSchema): Schema {
  const { signature } = schema;
  if (signature === "columns") return recordsSchema(schema);
  return signature === "tensors" ? arraysSchema(schema) : { anyOf: [recordsSchema(schema), arraysSchema(schema)] };
}

function recordsSchema(schema: ModelSchema): Schema {
  return { type: "array", items: outputsSchema(schema, (output) => elementSchema(output, schema)) };
}

function arraysSchema(schema: ModelSchema): Schema {
  return outputsSchema(schema, (output) => {
    const element = elementSchema(output, schema);
    return { type: "array", items: output.nested ? tuple([element]) : element };
  });
}

function outputsSchema({ outputs }: ModelSchema, property: (output: ModelOutput) => Schema): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(outputs.map((output) => [output.name, property(output)])),
    required: outputs.map(({ name }) => name),
  };
}

function elementSchema({ holds }: ModelOutput, schema: ModelSchema): Schema {
  if (holds === "prediction") return predictionItem(schema);
  if (holds === "probabilities") return probabilitiesItem(schema);
  if (holds === "labelled probabilities") return { type: "object", additionalProperties: probabilityItem };
  return probabilityItem;
}

function tuple(items: readonly Schema[]): Schema {
  return { type: "array", prefixItems: items, items: false, minItems: items.length };
}
