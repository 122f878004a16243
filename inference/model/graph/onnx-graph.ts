import { UnsupportedModel } from "../unsupported-model.ts";
import { type Field, fields, integers, text } from "./fields.ts";

/** Field numbers of onnx.proto3 (onnx 1.20, onnx/onnx-ml.proto). */
const modelFields = { graph: 7 };
const graphFields = { node: 1, output: 12 };
const nodeFields = { input: 1, output: 2, opType: 4, attribute: 5, domain: 7 };
const attributeFields = { name: 1, ints: 8, strings: 9 };
const valueInfoFields = { name: 1 };

/** One operator of a graph. */
export interface OnnxNode {
  /** Its place among the graph's fields. */
  readonly field: Field;
  readonly opType: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly Field[];
}

/** One output of a graph. */
export interface GraphOutput {
  readonly field: Field;
  readonly name: string;
}

/** A model's bytes, taken apart as far as its graph's operators; those of graphs within operators are left alone. */
export interface OnnxGraph {
  /** Of the whole model, in order, the graph among them. */
  readonly modelFields: readonly Field[];
  readonly graph: Field;
  /** Of the graph, in order. */
  readonly graphFields: readonly Field[];
  readonly nodes: readonly OnnxNode[];
  readonly outputs: readonly GraphOutput[];
}

/** @throws {@link UnsupportedModel} where the bytes hold no ONNX model of one graph. */
export function readGraph(onnx: Uint8Array): OnnxGraph {
  try {
    const model = [...fields(onnx)];
    const graphs = model.filter(({ number }) => number === modelFields.graph);
    const [graph] = graphs;
    if (!graph || graphs.length > 1) throw new Error(`expected one graph, got ${graphs.length}`);
    const parts = [...fields(graph.value)];
    return {
      modelFields: model,
      graph,
      graphFields: parts,
      nodes: parts.filter(({ number }) => number === graphFields.node).map(readNode),
      outputs: parts.filter(({ number }) => number === graphFields.output).map(readOutput),
    };
  } catch (cause) {
    throw new UnsupportedModel(`its bytes are no ONNX model: ${(cause as Error).message}`, { cause });
  }
}

function readNode(field: Field): OnnxNode {
  const parts = [...fields(field.value)];
  const texts = (wanted: number) => parts.filter(({ number }) => number === wanted).map(text);
  return {
    field,
    opType: texts(nodeFields.opType)[0] ?? "",
    domain: texts(nodeFields.domain)[0] ?? "",
    inputs: texts(nodeFields.input),
    outputs: texts(nodeFields.output),
    attributes: parts.filter(({ number }) => number === nodeFields.attribute),
  };
}

function readOutput(field: Field): GraphOutput {
  const name = [...fields(field.value)].find(({ number }) => number === valueInfoFields.name);
  return { field, name: name ? text(name) : "" };
}

/** An operator's attribute of integers; undefined where it has none of this name. */
export function integersAttribute(node: OnnxNode, name: string): number[] | undefined {
  return attribute(node, name, attributeFields.ints)?.flatMap(integers);
}

/** An operator's attribute of strings; undefined where it has none of this name. */
export function stringsAttribute(node: OnnxNode, name: string): string[] | undefined {
  return attribute(node, name, attributeFields.strings)?.map(text);
}

function attribute({ attributes }: OnnxNode, name: string, values: number): Field[] | undefined {
  const found = attributes.find((field) => attributeName(field) === name);
  return found && [...fields(found.value)].filter(({ number }) => number === values);
}

/** Stops at the name, which comes first: a forest's attributes have millions of values behind theirs. */
function attributeName({ value }: Field): string | undefined {
  for (const field of fields(value)) if (field.number === attributeFields.name) return text(field);
  return undefined;
}
