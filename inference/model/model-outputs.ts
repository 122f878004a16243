import type { InferenceSession } from "onnxruntime-node";
import type { ZippedTensor } from "./graph/zip-maps.ts";
import type { ModelOutput } from "./model-schema.ts";
import type { OutputRoles } from "./output-roles.ts";

/**
 * What a graph's outputs hold, in its order, under the names that they have in the model's own bytes; those without a
 * role are left out.
 *
 * @param zipped - what stands in the place of maps.
 */
export function modelOutputs(
  metadata: readonly InferenceSession.ValueMetadata[],
  { label, value, probabilities }: OutputRoles,
  zipped: readonly ZippedTensor[],
): readonly ModelOutput[] {
  return metadata.flatMap((output): ModelOutput[] => {
    if (!output.isTensor) return [];
    const { name, shape } = output;
    const nested = shape.length === 2;
    if (name === (label ?? value)?.name) return [{ name, holds: "prediction", nested }];
    const place = probabilities?.names.indexOf(name) ?? -1;
    if (place < 0) return [];
    if (probabilities?.kind === "columns") return [{ name, holds: place, nested }];
    const map = zipped.find((tensor) => tensor.name === name)?.map;
    if (map !== undefined) return [{ name: map, holds: "labelled probabilities", nested: false }];
    return [{ name, holds: "probabilities", nested: false }];
  });
}
