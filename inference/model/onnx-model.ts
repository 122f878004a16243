import "../../mlflow/no-telemetry.ts";
import { InferenceSession } from "onnxruntime-node";
import type { Signature } from "../../mlflow/model-folder.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import { modelColumns } from "./model-columns.ts";
import type { ModelSchema } from "./model-schema.ts";
import { bindInputs } from "./onnx-inputs.ts";
import { bindOutputs } from "./onnx-outputs.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

/** A session whose inputs and outputs are bound to a signature. */
export interface OnnxModel {
  readonly schema: ModelSchema;
  /** Runs all rows at once. The native call blocks the event loop meanwhile (onnxruntime, js/node/lib/backend.ts). */
  run(rows: FeatureRows): Promise<Predictions>;
  /** Frees the session's memory. */
  release(): Promise<void>;
}

/**
 * @param onnx - the model's bytes.
 * @param signature - absent where the folder declares none, or tensors.
 * @param threads - of one run. Small runs gain nothing from more than one.
 * @throws {@link UnsupportedModel} where the bytes are no model that ONNX Runtime opens, or inputs and outputs don't fit.
 */
export async function openOnnxModel(
  onnx: Uint8Array,
  signature: Signature | undefined,
  threads = 1,
): Promise<OnnxModel> {
  const session = await createSession(onnx, threads);
  try {
    const columns = modelColumns(signature, session.inputMetadata);
    const feed = bindInputs(session.inputMetadata, columns);
    const read = bindOutputs(session.outputMetadata);
    return {
      schema: { columns, task: "classification", prediction: "integer" },
      run: async (rows) => read(await session.run(feed(rows)), rows.count),
      release: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function createSession(onnx: Uint8Array, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(onnx, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Threads that spin while they wait take the processor from the event loop and the neighbours.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    });
  } catch (cause) {
    throw new UnsupportedModel(`ONNX Runtime doesn't open it: ${(cause as Error).message}`, { cause });
  }
}
