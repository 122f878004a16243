import type { InferenceSession } from "onnxruntime-node";
import { UnsupportedModel } from "./unsupported-model.ts";

/** An input of a graph that can take columns. */
export interface GraphInput {
  readonly name: string;
  /** ONNX Runtime's name of the element type. */
  readonly type: string;
  /** Whether it is a vector, [rows]; else a matrix, [rows, columns]. */
  readonly vector: boolean;
  /** Columns that it takes; undefined where the graph doesn't say. */
  readonly width: number | undefined;
}

/**
 * Reads a session's inputs.
 *
 * @throws {@link UnsupportedModel} where one isn't of the shape [rows] or [rows, columns], for any number of rows.
 */
export function graphInputs(metadata: readonly InferenceSession.ValueMetadata[]): GraphInput[] {
  return metadata.map((value) => {
    if (!value.isTensor) throw new UnsupportedModel(`its input ${value.name} is no tensor`);
    const { name, type, shape } = value;
    const [rows, width] = shape;
    if (shape.length > 2)
      throw new UnsupportedModel(`its input ${name} has the shape [${shape}], expected [rows, columns] or [rows]`);
    if (typeof rows === "number")
      throw new UnsupportedModel(
        `its input ${name} has the shape [${shape}], which takes ${rows} rows, no more and no less: export it with a dynamic first dimension`,
      );
    if (shape.length === 1) return { name, type, vector: true, width: 1 };
    return { name, type, vector: false, width: typeof width === "number" && width > 0 ? width : undefined };
  });
}
