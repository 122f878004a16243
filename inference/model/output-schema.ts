import { type ClassLabels, classifierLabels } from "./graph/class-labels.ts";
import type { OnnxNode } from "./graph/onnx-graph.ts";
import type { ModelSchema } from "./model-schema.ts";
import type { OutputRoles } from "./output-roles.ts";

/** Where the labels of classes may be told, the surest first. */
export interface LabelSources {
  /** The model folder's metadata. */
  readonly folder: ClassLabels | undefined;
  /** The ZipMap that made maps of the probabilities. */
  readonly zipped: ClassLabels | undefined;
  readonly nodes: readonly OnnxNode[];
}

/**
 * The label of each probability; undefined where nothing says them, or what does has other classes than the graph's
 * answer.
 *
 * @param classes - how many the answer has; undefined where that isn't known yet.
 */
export function classLabels(
  { label, probabilities }: OutputRoles,
  classes: number | undefined,
  { folder, zipped, nodes }: LabelSources,
): ClassLabels | undefined {
  if (!probabilities) return undefined;
  const fits = (labels: ClassLabels | undefined) =>
    labels && (classes === undefined || labels.length === classes) ? labels : undefined;
  const kind = label?.type === "string" ? "string" : "number";
  // In a graph, labels of another type than its answer's are numbers that it counts its classes by.
  const own = [zipped, classifierLabels(nodes)].find((labels) => typeof labels?.[0] === kind);
  return fits(folder) ?? fits(own);
}

/** JSON type of a prediction. @param classes - by which the greatest probability is the label, where no output is. */
export function predictionType({ label, value }: OutputRoles, classes: ClassLabels = []): ModelSchema["prediction"] {
  if (value) return "number";
  if (label) return label.type === "string" ? "string" : "integer";
  if (classes.every((item) => typeof item === "string")) return "string";
  return classes.every(Number.isInteger) ? "integer" : "number";
}
