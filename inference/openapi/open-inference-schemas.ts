import { datatypes } from "../protocols/open-inference/datatypes.ts";
import { serverMetadata } from "../protocols/open-inference/metadata.ts";
import { outputNames } from "../protocols/open-inference/output-tensor.ts";
import type { DescribedModel } from "./described-model.ts";
import { ref, type Schema } from "./schema.ts";

/** Schemas of the Open Inference Protocol's endpoints, by name. */
export function openInferenceSchemas({ schema }: DescribedModel): Schema {
  const output = { type: "string", enum: outputNames(schema) };
  return {
    InferRequest: {
      type: "object",
      properties: {
        id: { type: "string", description: "Comes back with the answer." },
        inputs: { type: "array", items: ref("InputTensor"), minItems: 1, description: inputsMean },
        outputs: {
          type: "array",
          items: ref("RequestedOutput"),
          description: "Those wanted, each once; all by default.",
        },
        parameters: {
          type: "object",
          properties: { binary_data_output: { type: "boolean", description: "Whether outputs are to be binary." } },
        },
      },
      required: ["inputs"],
    },
    InputTensor: inputTensor,
    RequestedOutput: {
      type: "object",
      properties: {
        name: output,
        parameters: { type: "object", properties: { binary_data: { type: "boolean" }, ...otherExtensions } },
      },
      required: ["name"],
    },
    InferResponse: {
      type: "object",
      properties: {
        model_name: { type: "string" },
        model_version: { type: "string" },
        id: { type: "string" },
        outputs: { type: "array", items: ref("OutputTensor") },
      },
      required: ["model_name", "model_version", "outputs"],
    },
    OutputTensor: {
      type: "object",
      properties: {
        name: output,
        datatype,
        shape,
        data: { type: "array", items: { type: ["number", "string", "null"] }, description: "Flat, row by row." },
        parameters: { type: "object", properties: { binary_data_size: size }, description: "Only of a binary tensor." },
      },
      required: ["name", "datatype", "shape"],
    },
    ModelMetadata: modelMetadata,
    TensorMetadata: tensorMetadata,
    ServerMetadata: {
      type: "object",
      properties: {
        name: { type: "string", const: serverMetadata.name },
        version: { type: "string" },
        extensions: { type: "array", items: { type: "string" } },
      },
      required: ["name", "version", "extensions"],
    },
    ServerLive: { type: "object", properties: { live: { const: true } }, required: ["live"] },
    ServerReady: { type: "object", properties: { ready: { type: "boolean" } }, required: ["ready"] },
    ModelReady: {
      type: "object",
      properties: { name: { type: "string" }, ready: { type: "boolean" } },
      required: ["name", "ready"],
    },
  };
}

const inputsMean =
  "A tensor a feature, named like it, of shape [rows] or [rows, 1]; or a single one of shape [rows, features] for all. " +
  "Each has as many elements as its shape says, and all have the same number of rows.";

const datatype: Schema = { type: "string", enum: [...datatypes.keys()] };
const size: Schema = { type: "integer", minimum: 0, description: "Bytes of the tensor, behind the JSON." };
const shape: Schema = { type: "array", items: { type: "integer", minimum: 0 }, minItems: 1, maxItems: 2 };

/** Of Triton's extensions there is binary tensor data alone. */
const otherExtensions: Schema = { classification: false, shared_memory_region: false };

const element = ["number", "string", "boolean", "null"];

const inputTensor: Schema = {
  type: "object",
  properties: {
    name: { type: "string" },
    shape,
    datatype,
    data: {
      type: "array",
      items: { type: [...element, "array"], items: { type: element } },
      description: "Row by row, flat or nested; absent where the tensor is binary.",
    },
    parameters: { type: "object", properties: { binary_data_size: size, shared_memory_region: false } },
  },
  required: ["name", "shape", "datatype"],
};

const tensorMetadata: Schema = {
  type: "object",
  properties: {
    name: { type: "string" },
    datatype,
    shape: { type: "array", items: { type: "integer" }, description: "-1 is any length." },
  },
  required: ["name", "datatype", "shape"],
};

const modelMetadata: Schema = {
  type: "object",
  properties: {
    name: { type: "string" },
    versions: { type: "array", items: { type: "string" } },
    platform: { type: "string" },
    inputs: { type: "array", items: ref("TensorMetadata") },
    outputs: { type: "array", items: ref("TensorMetadata") },
  },
  required: ["name", "versions", "platform", "inputs", "outputs"],
};
