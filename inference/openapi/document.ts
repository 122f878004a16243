import type { DescribedModel, Limits } from "./described-model.ts";
import { mlflowPaths } from "./mlflow-paths.ts";
import { mlflowSchemas } from "./mlflow-schemas.ts";
import { nativePaths } from "./native-paths.ts";
import { nativeSchemas } from "./native-schemas.ts";
import { openInferencePaths } from "./open-inference-paths.ts";
import { openInferenceSchemas } from "./open-inference-schemas.ts";
import { featureProblemSchema, headers, problemResponses, problemSchema, problems } from "./problem-responses.ts";
import type { Schema } from "./schema.ts";

/**
 * The OpenAPI 3.1 document of a service that serves this model: every endpoint, with what it takes and all that it can
 * answer.
 *
 * @param open - paths that need no bearer token where the others do.
 */
export function openapiDocument(model: DescribedModel, limits: Limits, open: ReadonlySet<string> = new Set()): Schema {
  const { name, version, modelType, sha256, schema } = model;
  const paths = { ...nativePaths(model), ...openInferencePaths(model), ...mlflowPaths(model) };
  return {
    openapi: "3.1.0",
    info: {
      title: name,
      version,
      description:
        `Predictions of version ${version} of the model \`${name}\`, a ${schema.task === "regression" ? "regressor" : "classifier"} ` +
        `(${modelType}) of ${schema.columns.length} features.\n\nSHA-256 of its ONNX file: \`${sha256}\`.`,
    },
    // Beside the document, so that it holds behind a proxy that puts a path in front.
    servers: [{ url: "./" }],
    paths: limits.tokens ? withTokens(paths, open) : paths,
    components: {
      schemas: {
        ...nativeSchemas(model, limits),
        ...openInferenceSchemas(model),
        ...mlflowSchemas(model, limits),
        Problem: problemSchema,
        FeatureProblem: featureProblemSchema,
      },
      responses: problemResponses(model, limits),
      headers,
      ...(limits.tokens && { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } }),
    },
  };
}

/** Every operation but those of open paths asks for a bearer token, and is 401 without one. */
function withTokens(paths: Schema, open: ReadonlySet<string>): Schema {
  const operations = Object.entries(paths as Record<string, Record<string, Schema>>).map(([path, item]) => {
    const guarded = Object.entries(item).map(([method, operation]) => {
      if (!isOperation(operation) || open.has(path)) return [method, operation];
      const responses = { ...(operation.responses as Schema), ...problems(401) };
      return [method, { ...operation, responses, security: [{ bearer: [] }] }];
    });
    return [path, Object.fromEntries(guarded)];
  });
  return Object.fromEntries(operations);
}

/** A path has parameters beside its operations. */
function isOperation(value: Schema): boolean {
  return "operationId" in value;
}
