import { integersAttribute, type OnnxNode, stringsAttribute } from "./onnx-graph.ts";

/** Labels of classes, in the order of their probabilities. */
export type ClassLabels = readonly number[] | readonly string[];

/** Operators of ai.onnx.ml that classify (onnx/docs/Operators-ml.md). */
const classifiers = new Set(["TreeEnsembleClassifier", "LinearClassifier", "SVMClassifier"]);

/**
 * The labels of the classes that a graph's one classifying operator knows. Where there are several, as in an ensemble,
 * or none, as in a neural network, nothing is said of the whole.
 */
export function classifierLabels(nodes: readonly OnnxNode[]): ClassLabels | undefined {
  const found = nodes.filter(({ opType, domain }) => domain === "ai.onnx.ml" && classifiers.has(opType));
  return found.length === 1 ? nodeLabels(found[0]!) : undefined;
}

/** The labels that a classifying operator, or a ZipMap, has among its attributes. */
export function nodeLabels(node: OnnxNode): ClassLabels | undefined {
  return (
    some(stringsAttribute(node, "classlabels_strings")) ??
    some(integersAttribute(node, "classlabels_int64s")) ??
    some(integersAttribute(node, "classlabels_ints"))
  );
}

function some<T>(labels: T[] | undefined): T[] | undefined {
  return labels && labels.length > 0 ? labels : undefined;
}
