import type { DescribedModel, Limits } from "./described-model.ts";
import { inputsSchema, instanceSchema, rowsSchema } from "./feature-schemas.ts";
import { predictionItem, probabilitiesItem } from "./prediction-schemas.ts";
import { pattern, ref, type Schema, time } from "./schema.ts";

const safeIntegers = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

/** Schemas of the service's own endpoints, by name. */
export function nativeSchemas(model: DescribedModel, limits: Limits): Schema {
  const { columns } = model.schema;
  return {
    Inputs: inputsSchema(columns, limits),
    Instance: instanceSchema(columns, limits),
    PredictRequest: predictRequest(model, limits),
    BatchPredictRequest: requestSchema("instances", rowsSchema(ref("Instance"), limits), model),
    Prediction: predictionSchema(model),
    Health: healthSchema,
    Liveness: livenessSchema,
    Metadata: metadataSchema,
    JoinKey: joinKeySchema,
  };
}

function requestSchema(member: string, rows: Schema, { schema }: DescribedModel): Schema {
  const return_probabilities = schema.probabilities
    ? { type: "boolean", default: false, description: "Whether the answer is to hold a probability a class." }
    : { type: "boolean", const: false, description: "This model gives no probabilities." };
  return {
    type: "object",
    properties: { [member]: rows, return_probabilities },
    required: [member],
    additionalProperties: false,
  };
}

const joinKeySchemas: Readonly<Record<string, Schema>> = {
  Int64: { type: ["integer", "string"], pattern: "^(0|-?[1-9]\\d{0,17})$", format: "int64", ...safeIntegers },
  Int32: { type: "integer", format: "int32", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  String: { type: "string" },
};

/** Rows by their features or, where the model was trained from a FeatureService, by their entities. */
function predictRequest(model: DescribedModel, limits: Limits): Schema {
  const byFeatures = requestSchema("inputs", ref("Inputs"), model);
  if (!model.featureService) return byFeatures;
  return { oneOf: [byFeatures, requestSchema("entities", entitiesSchema(model.featureService, limits), model)] };
}

function entitiesSchema({ name, joinKeys }: NonNullable<DescribedModel["featureService"]>, limits: Limits): Schema {
  const columns = joinKeys.map(({ name, type }) => [name, rowsSchema(joinKeySchemas[type] ?? {}, limits)]);
  return {
    type: "object",
    properties: Object.fromEntries(columns),
    required: joinKeys.map(({ name }) => name),
    additionalProperties: false,
    description: `One array a join key: their features are looked up in Feast by the FeatureService ${name}.`,
  };
}

function predictionSchema({ schema, featureService }: DescribedModel): Schema {
  const { task, classes } = schema;
  const labels = classes ? ` (${classes.join(", ")})` : "";
  const probabilities = {
    type: "array",
    items: probabilitiesItem(schema),
    description: `A row each, in it a probability a class${labels}; only where asked for. null is no number (NaN).`,
  };
  const mean = task === "regression" ? "A value a row. null is no number (NaN)." : "A label a row.";
  return {
    type: "object",
    properties: {
      predictions: { type: "array", items: predictionItem(schema), minItems: 1, description: mean },
      ...(schema.probabilities && { probabilities }),
      ...(featureService && { feature_timestamps: featureTimes }),
      inference_time_ms: { type: "number", minimum: 0 },
      timestamp: time,
      model_name: { type: "string" },
      model_version: { type: "string" },
    },
    required: ["predictions", "inference_time_ms", "timestamp", "model_name", "model_version"],
  };
}

const featureTimes: Schema = {
  type: "array",
  items: { type: ["string", "null"] },
  description: "Of rows by entity: the oldest time, UTC, of a row's features; null where it isn't known.",
};

const healthSchema: Schema = {
  type: "object",
  properties: {
    status: { type: "string", enum: ["healthy", "loading", "draining"] },
    timestamp: time,
    model_loaded: { type: "boolean" },
    model_name: { type: "string" },
    model_version: { type: ["string", "null"], description: "null until the model is loaded." },
  },
  required: ["status", "timestamp", "model_loaded", "model_name", "model_version"],
};

const livenessSchema: Schema = {
  type: "object",
  properties: { status: { type: "string", const: "alive" }, timestamp: time },
  required: ["status", "timestamp"],
};

const joinKeySchema: Schema = {
  type: "object",
  properties: { name: { type: "string" }, type: { type: "string" } },
  required: ["name", "type"],
};

const metadataSchema: Schema = {
  type: "object",
  properties: {
    model_name: { type: "string" },
    model_version: { type: "string" },
    mlflow_run_id: { type: "string", description: "Empty where the version was registered without a run." },
    loaded_at: time,
    feature_names: { type: "array", items: { type: "string" } },
    model_type: { type: "string", examples: ["RandomForestClassifier"] },
    feature_service: { type: "string", description: "By which entities are looked up, where there is one." },
    join_keys: { type: "array", items: ref("JoinKey") },
    model_sha256: { ...pattern("^[0-9a-f]{64}$", "0".repeat(64)), description: "Of the ONNX file." },
  },
  required: [
    "model_name",
    "model_version",
    "mlflow_run_id",
    "loaded_at",
    "feature_names",
    "model_type",
    "model_sha256",
  ],
};
