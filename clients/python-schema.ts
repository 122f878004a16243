import type { JsonSchema, ServiceDocument } from "./service-document.ts";

/** The types of a document as a Python module, for 3.9 and later. */
export function pythonSchema({ components }: ServiceDocument, header: string): string {
  const { Inputs, Instance, BatchPredictRequest, Prediction, Health, JoinKey, Metadata, FeatureProblem } =
    components.schemas;
  const { probabilities, ...answer } = Prediction.properties!;
  const asks = BatchPredictRequest.properties!.return_probabilities?.const !== false;
  const parts = [
    `"""${header}"""`,
    imports,
    typedDict("Inputs", Inputs, given),
    typedDict("Instance", Instance, given),
    `# What \`return_probabilities\` is for an answer with probabilities, and for any.
Asked = ${asks ? "Literal[True]" : "NoReturn"}
AskedOrNot = ${asks ? "bool" : "Literal[False]"}`,
    typedDict("Prediction", { properties: answer, required: Prediction.required ?? [] }, got),
    `class PredictionWithProbabilities(Prediction):\n    ${probabilities ? `probabilities: ${got(probabilities)}` : "pass"}`,
    typedDict("Health", Health, got),
    typedDict("JoinKey", JoinKey, got),
    typedDict("Metadata", Metadata, got),
    typedDict("FeatureProblem", FeatureProblem, got),
  ];
  return `${parts.join("\n\n")}\n`;
}

const imports = `from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NoReturn, Optional, TypedDict, Union`;

/** By call, not by class: names of features needn't be names in Python. */
function typedDict(name: string, { properties = {}, required = [] }: JsonSchema, toType: ToType): string {
  const members = (wanted: boolean) =>
    Object.entries(properties)
      .filter(([member]) => required.includes(member) === wanted)
      .map(([member, schema]) => `    ${JSON.stringify(member)}: ${toType(schema)},\n`);
  const call = (name: string, members: readonly string[], total = "") =>
    `${name} = TypedDict("${name}", {\n${members.join("")}}${total})`;
  const [needed, optional] = [members(true), members(false)];
  if (optional.length === 0) return call(name, needed);
  return [
    call(`_Required${name}`, needed),
    call(`_Optional${name}`, optional, ", total=False"),
    `class ${name}(_Required${name}, _Optional${name}):\n    pass`,
  ].join("\n\n");
}

type ToType = (schema: JsonSchema) => string;

/** The type of what a caller gives: any sequence will do. */
function given(schema: JsonSchema): string {
  return pythonType(schema, "Sequence");
}

function got(schema: JsonSchema): string {
  return pythonType(schema, "list");
}

const names: Readonly<Record<string, string>> = { number: "float", integer: "int", string: "str", boolean: "bool" };

/** @throws Error naming a schema that has no such type. */
function pythonType(schema: JsonSchema, array: string): string {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1)!;
  if (schema.const !== undefined) return literal([schema.const]);
  const types = [schema.type ?? []].flat();
  const values = schema.enum?.filter((value) => value !== null);
  const union = values?.every(isLiteral)
    ? [literal(values)]
    : types.filter((type) => type !== "null").map((type) => typeName(type, schema, array));
  const [only] = union;
  if (!only) throw new Error(`expected a schema that has a type, got ${JSON.stringify(schema).slice(0, 200)}`);
  const type = union.length > 1 ? `Union[${union.join(", ")}]` : only;
  return types.includes("null") ? `Optional[${type}]` : type;
}

function typeName(type: string, schema: JsonSchema, array: string): string {
  if (type === "array") return `${array}[${pythonType(schema.items ?? {}, array)}]`;
  const name = names[type];
  if (name) return name;
  throw new Error(`expected a value or an array, got ${JSON.stringify(schema).slice(0, 200)}`);
}

/** Python's Literal takes no numbers but whole ones. */
function isLiteral(value: unknown): boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value);
}

function literal(values: readonly unknown[]): string {
  const spelled = values.map((value) => (value === true ? "True" : value === false ? "False" : JSON.stringify(value)));
  return `Literal[${spelled.join(", ")}]`;
}
