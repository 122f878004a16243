import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import { datatypeOf } from "../protocols/open-inference/datatypes.ts";
import type { DescribedModel } from "./described-model.ts";
import { exampleColumns } from "./example-rows.ts";
import { operation, requestBody, response } from "./operations.ts";
import { commonHeaders, problems } from "./problem-responses.ts";
import { json, ref, type Schema } from "./schema.ts";

const tag = "Open Inference Protocol";
const header = "Inference-Header-Content-Length";

/** The endpoints of the Open Inference Protocol v2, as KServe's and Triton's clients ask them. */
export function openInferencePaths(model: DescribedModel): Schema {
  const named = [pathParameter("model", model.name)];
  const versioned = [...named, pathParameter("version", model.version)];
  const [ofModel, ofVersion] = ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"];
  return {
    [`${ofModel}/infer`]: { parameters: named, post: infer("infer", model) },
    [`${ofVersion}/infer`]: { parameters: versioned, post: infer("infer_version", model) },
    [ofModel]: { parameters: named, get: modelMetadata("model_metadata") },
    [ofVersion]: { parameters: versioned, get: modelMetadata("model_version_metadata") },
    [`${ofModel}/ready`]: { parameters: named, get: modelReady("model_ready") },
    [`${ofVersion}/ready`]: { parameters: versioned, get: modelReady("model_version_ready") },
    "/v2": {
      get: operation("server_metadata", tag, "What the server is", {
        200: response("The server.", "ServerMetadata"),
      }),
    },
    "/v2/health/live": {
      get: operation("server_live", tag, "Whether the process answers", { 200: response("Alive.", "ServerLive") }),
    },
    "/v2/health/ready": {
      get: operation("server_ready", tag, "Whether requests are taken", {
        200: response("Ready.", "ServerReady"),
        503: response("Not ready.", "ServerReady"),
      }),
    },
  };
}

/** There is but one model, and one version of it. */
function pathParameter(name: string, value: string): Schema {
  return { name, in: "path", required: true, schema: { type: "string", enum: [value] } };
}

function modelMetadata(operationId: string): Schema {
  return operation(operationId, tag, "What the model takes and gives, as tensors", {
    200: response("The model.", "ModelMetadata"),
    ...problems(404, 503),
  });
}

function modelReady(operationId: string): Schema {
  return operation(operationId, tag, "Whether requests to the model are taken", {
    200: response("Ready.", "ModelReady"),
    ...problems(404),
    503: response("Not ready.", "ModelReady"),
  });
}

function infer(operationId: string, model: DescribedModel): Schema {
  const responses = {
    200: {
      description: `The predictions: JSON; where an output is binary, JSON of as many bytes as the header ${header} says, and the tensors behind it.`,
      headers: { ...commonHeaders, [header]: { schema: length, description: "Only of a binary answer." } },
      content: { ...json(ref("InferResponse")), "application/octet-stream": {} },
    },
    ...problems(400, 404, 413, 415, 422, 500, 503),
  };
  return {
    ...operation(operationId, tag, "Predict rows given as tensors", responses),
    parameters: [
      {
        name: header,
        in: "header",
        schema: length,
        description: "Where binary tensors follow the JSON: the bytes that are JSON.",
      },
    ],
    ...requestBody({
      ...json(ref("InferRequest"), { inputs: exampleTensors(model) }),
      "application/octet-stream": {},
    }),
  };
}

const length: Schema = { type: "integer", minimum: 0 };

function exampleTensors(model: DescribedModel): object[] {
  const columns = exampleColumns(model);
  return model.schema.columns.map(({ name, type }: ColumnSpec) => {
    const data = columns[name]!;
    return { name, shape: [data.length], datatype: datatypeOf[type], data };
  });
}
