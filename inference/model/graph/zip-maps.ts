import { type ClassLabels, nodeLabels } from "./class-labels.ts";
import { type Field, nested } from "./fields.ts";
import type { GraphOutput, OnnxGraph, OnnxNode } from "./onnx-graph.ts";

/** A tensor of shape [rows, classes] that a ZipMap would have made maps of. */
export interface ZippedTensor {
  readonly name: string;
  /** Of the output that held the maps. */
  readonly map: string;
  readonly labels?: ClassLabels;
}

/**
 * Takes out the ZipMap operators at a graph's end: they make a map a row from probabilities and class labels, as
 * skl2onnx does by default, which ONNX Runtime's Node binding can't return. The tensor that such a map was made of
 * becomes the output in its place. All else stays as it was, byte for byte.
 *
 * @returns the model's bytes, and the tensors that are outputs now; the same bytes where there is no such operator.
 */
export function withoutZipMaps(onnx: Uint8Array, graph: OnnxGraph): { onnx: Uint8Array; zipped: ZippedTensor[] } {
  const zipMaps = findZipMaps(graph);
  if (zipMaps.length === 0) return { onnx, zipped: [] };
  const replaced = new Map<Field, readonly Uint8Array[]>();
  const names = new Set(graph.outputs.map(({ name }) => name));
  for (const { node, output } of zipMaps) {
    const tensor = node.inputs[0]!;
    replaced.set(node.field, []);
    replaced.set(output.field, names.has(tensor) ? [] : untypedOutput(tensor));
    names.add(tensor);
  }
  const parts = graph.graphFields.flatMap((field) => replaced.get(field) ?? field.raw);
  const whole = graph.modelFields.flatMap((field) => (field === graph.graph ? nested(field.number, parts) : field.raw));
  return { onnx: Buffer.concat(whole), zipped: zipMaps.map(({ node }) => zippedTensor(node)) };
}

/** ZipMaps that make an output of the graph, and that nothing else in it needs. */
function findZipMaps({ nodes, outputs }: OnnxGraph): { node: OnnxNode; output: GraphOutput }[] {
  const zipMaps = nodes.filter(({ opType, domain }) => opType === "ZipMap" && domain === "ai.onnx.ml");
  const needed = zipMaps.length > 0 ? new Set(nodes.flatMap(({ inputs }) => inputs)) : undefined;
  return zipMaps.flatMap((node) => {
    const [made] = node.outputs;
    const output = outputs.find(({ name }) => name === made);
    return output && node.inputs[0] && !needed?.has(output.name) ? [{ node, output }] : [];
  });
}

/** A ValueInfoProto in the place of a graph's output. Its type is left to ONNX Runtime, which infers it. */
function untypedOutput(name: string): Uint8Array[] {
  const [output, valueName] = [12, 1];
  return nested(output, nested(valueName, [Buffer.from(name)]));
}

function zippedTensor(node: OnnxNode): ZippedTensor {
  const labels = nodeLabels(node);
  return { name: node.inputs[0]!, map: node.outputs[0]!, ...(labels && { labels }) };
}
