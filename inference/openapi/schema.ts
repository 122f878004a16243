/** A JSON Schema of draft 2020-12, or another object of an OpenAPI document. */
export type Schema = Readonly<Record<string, unknown>>;

/** A schema of the document's components, by its name. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** The JSON media type with this schema, and an example that a reader can send as it is. */
export function json(schema: Schema, example?: unknown): Schema {
  return { "application/json": example === undefined ? { schema } : { schema, example } };
}

/** A text in which nothing but the pattern is promised, with one that fits. */
export function pattern(pattern: string, example: string): Schema {
  return { type: "string", pattern, examples: [example] };
}

/** A time as `timestamp()` writes it. */
export const time: Schema = {
  ...pattern("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$", "2025-11-06T10:00:00"),
  description: "UTC, to the second.",
};
