import type { DescribedModel } from "./described-model.ts";
import { exampleColumns, exampleInstances } from "./example-rows.ts";
import { operation, requestBody, response } from "./operations.ts";
import { problems } from "./problem-responses.ts";
import { json, ref, type Schema } from "./schema.ts";

/** The service's own endpoints. */
export function nativePaths(model: DescribedModel): Schema {
  const asked = model.schema.probabilities ? { return_probabilities: true } : {};
  return {
    "/predict": {
      post: prediction("predict", "Predict rows given as columns", "PredictRequest", {
        inputs: exampleColumns(model),
        ...asked,
      }),
    },
    "/batch_predict": {
      post: prediction("batch_predict", "Predict rows given as objects", "BatchPredictRequest", {
        instances: exampleInstances(model),
        ...asked,
      }),
    },
    "/metadata": {
      get: operation("metadata", "Model", "Which model answers, and what it takes", {
        200: response("The model.", "Metadata"),
        ...problems(503),
      }),
    },
    "/health": {
      get: operation("health", "Probes", "Readiness: whether the model is loaded and requests are taken", {
        200: response("Ready.", "Health"),
        503: response("Not ready: the model is being loaded, or the instance ends.", "Health"),
      }),
    },
    "/live": {
      get: operation("live", "Probes", "Liveness: whether the process answers", {
        200: response("Alive.", "Liveness"),
      }),
    },
  };
}

function prediction(operationId: string, summary: string, body: string, example: object): Schema {
  const responses = {
    200: response("The predictions, in the order of the rows.", "Prediction"),
    ...problems(400, 413, 415, 422, 500, 503),
  };
  return {
    ...operation(operationId, "Predictions", summary, responses),
    ...requestBody(json(ref(body), example)),
  };
}
