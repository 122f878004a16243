import { Ajv, type ErrorObject, type SchemaObject } from "ajv";
import { MlflowError } from "../error.ts";
import { parseJson } from "./json.ts";

const ajv = new Ajv();

export const numbers: SchemaObject = { type: "array", items: { type: "number" } };
export const strings: SchemaObject = { type: "array", items: { type: "string" } };

/**
 * Makes a parser of JSON text of one shape.
 *
 * @param schema JSON schema of the shape.
 * @returns A function of the text and of where it came from, which throws MlflowError naming the place and the property.
 */
export function jsonParser<T>(schema: SchemaObject): (text: string, where: string) => T {
  const validate = ajv.compile(schema);
  return (text, where) => {
    const value = parseJson(text, where);
    if (!validate(value)) throw new MlflowError(`${where}: ${describe(validate.errors?.[0])}`);
    return value as T;
  };
}

function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return "is not as expected";
  const extra = error.params.additionalProperty ? ` (${error.params.additionalProperty})` : "";
  return `${error.instancePath || "the whole"} ${error.message}${extra}`;
}
