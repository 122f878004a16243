import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import { compileColumn } from "../features/feature-column.ts";
import { InvalidFeatures, memberPath, problemKinds, TooManyRows } from "../features/feature-problem.ts";
import { toProblem } from "../http/errors.ts";
import { HttpProblem } from "../http/http-problem.ts";
import type { DescribedModel, Limits } from "./described-model.ts";
import { ref, type Schema } from "./schema.ts";

/** The body of an answer other than success: RFC 9457, "Problem Details for HTTP APIs". */
export const problemSchema: Schema = {
  type: "object",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: { type: "string", format: "uri-reference" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "What was expected, and what came." },
    errors: { type: "array", items: ref("FeatureProblem"), description: "What is wrong, a value at a time." },
    error: { type: "string", description: "The detail again, under /v2 alone: its clients look for it here." },
  },
};

/** An item of a problem's `errors`. */
export const featureProblemSchema: Schema = {
  type: "object",
  required: ["path", "problem", "expected", "received"],
  properties: {
    path: { type: "string", description: "Where, from the body's root.", examples: ["inputs.age[2]"] },
    feature: { type: "string", description: "Absent where it is about the body around the features." },
    problem: { type: "string", enum: problemKinds },
    expected: { type: "string" },
    received: { type: "string" },
  },
};

/** The headers that every answer has. */
export const commonHeaders: Schema = {
  "X-Request-Id": { $ref: "#/components/headers/X-Request-Id" },
};

/** Headers by the names under which {@link commonHeaders} and problems refer to them. */
export const headers: Schema = {
  "X-Request-Id": {
    required: true,
    schema: { type: "string", pattern: "^[\\w.:-]{1,128}$" },
    description: "Names the request in the log: the client's own X-Request-Id where it sends a plain one.",
  },
  "Retry-After": {
    required: true,
    schema: { type: "integer", minimum: 0 },
    description: "Seconds after which to ask again.",
  },
};

/** Answers other than success, by the names under which operations refer to them. */
export function problemResponses({ name, version, schema }: DescribedModel, { bodyLimit, rowLimit }: Limits): Schema {
  const [column] = schema.columns as readonly [ColumnSpec];
  const { expected } = compileColumn({ ...column, required: true });
  const path = memberPath("inputs", column.name);
  const missing = { path, feature: column.name, problem: "missing", expected, received: "nothing" } as const;
  return {
    BadRequest: problem(
      "The body can't be read: it isn't what its Content-Type says, or broke off.",
      new HttpProblem(400, "the body isn't UTF-8"),
    ),
    Unauthorized: problem(
      "No bearer token, or one that isn't known.",
      new HttpProblem(401, "expected the header Authorization: Bearer TOKEN, got none"),
    ),
    NotFound: problem(
      "Another model or version than the one that is served.",
      new HttpProblem(404, `expected version ${version} of model ${name}, which is all that is served`),
    ),
    ContentTooLarge: problem(
      `More than ${rowLimit} rows, or ${bodyLimit} bytes of body.`,
      toProblem(new TooManyRows(rowLimit, rowLimit + 1)),
    ),
    UnsupportedMediaType: problem(
      "Another Content-Type, charset or Content-Encoding than the operation takes.",
      new HttpProblem(415, "expected the Content-Type application/json, got none"),
    ),
    UnprocessableContent: problem(
      "Missing, unknown or ill-typed values: `errors` names each and where it is.",
      toProblem(new InvalidFeatures([missing])),
    ),
    InternalServerError: problem("The service failed to answer; its log says why.", toProblem(undefined)),
    ServiceUnavailable: problem(
      "Not now: too much waits already, or the model is being loaded.",
      new HttpProblem(503, "too many predictions wait already"),
      {
        "Retry-After": { $ref: "#/components/headers/Retry-After" },
      },
    ),
  };
}

function problem(description: string, example: HttpProblem, more: Schema = {}): Schema {
  return {
    description,
    headers: { ...commonHeaders, ...more },
    content: { "application/problem+json": { schema: ref("Problem"), example: example.toJSON() } },
  };
}

const names = {
  400: "BadRequest",
  401: "Unauthorized",
  404: "NotFound",
  413: "ContentTooLarge",
  415: "UnsupportedMediaType",
  422: "UnprocessableContent",
  500: "InternalServerError",
  503: "ServiceUnavailable",
} as const;

/** Refers to answers other than success by their statuses. */
export function problems(...statuses: readonly (keyof typeof names)[]): Schema {
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/${names[status]}` }]));
}
