import { type OnnxNode, stringsAttribute } from "./onnx-graph.ts";

/**
 * The text that stands for a missing one in a graph, since ONNX has none of its own: `None` or `nan`, in this order,
 * where an encoder knows it as a category, else the empty text. Python's ONNX Runtime feeds its None and NaN so, and
 * skl2onnx writes those categories so; an imputer of texts has the empty one.
 */
export function missingText(nodes: readonly OnnxNode[]): string {
  const known = nodes.flatMap((node) => [
    ...(stringsAttribute(node, "cats_strings") ?? []),
    ...(stringsAttribute(node, "keys_strings") ?? []),
  ]);
  return ["None", "nan"].find((text) => known.includes(text)) ?? "";
}
