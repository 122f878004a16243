import { commonHeaders } from "./problem-responses.ts";
import { json, ref, type Schema } from "./schema.ts";

/** One method of a path. @param tag - under which the page lists it. */
export function operation(operationId: string, tag: string, summary: string, responses: Schema): Schema {
  return { operationId, tags: [tag], summary, responses };
}

/** An answer in JSON. @param schema - its name. */
export function response(description: string, schema: string): Schema {
  return { description, headers: commonHeaders, content: json(ref(schema)) };
}

/** A body that a request must have. */
export function requestBody(content: Schema): Schema {
  return { requestBody: { required: true, content } };
}
