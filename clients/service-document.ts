import { requestJson } from "../inference/request-json.ts";

/** A JSON Schema, as far as clients are made from it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly description?: string;
}

/** The schemas that clients are made from. */
export type SchemaName = (typeof schemaNames)[number];
const schemaNames = [
  "Inputs",
  "Instance",
  "BatchPredictRequest",
  "Prediction",
  "Health",
  "JoinKey",
  "Metadata",
  "FeatureProblem",
] as const;

/** The OpenAPI document of an inference service, as far as clients are made from it. */
export interface ServiceDocument {
  readonly info: { readonly title: string; readonly version: string };
  readonly components: { readonly schemas: Readonly<Record<SchemaName, JsonSchema>> };
}

/** @throws Error naming the address, what was expected and what came. */
export async function fetchDocument(url: string, token: string | undefined): Promise<ServiceDocument> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const { status, body, text } = await requestJson(url, { headers });
  if (status !== 200) throw new Error(`${url}: expected 200, got ${status} ${text.slice(0, 200)}`);
  const schemas = (body as Partial<ServiceDocument> | undefined)?.components?.schemas;
  const missing = schemaNames.filter((name) => !schemas?.[name]);
  if (missing.length > 0)
    throw new Error(
      `${url}: expected the document of an inference service, got one without the schemas ${missing.join(", ")}`,
    );
  return body as ServiceDocument;
}
