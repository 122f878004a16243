import "../../mlflow/no-telemetry.ts";
import { InferenceSession } from "onnxruntime-node";
import { UnsupportedModel } from "./unsupported-model.ts";

/** @throws {@link UnsupportedModel} where ONNX Runtime doesn't open the bytes, with what it says. */
export async function createSession(onnx: Uint8Array, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(onnx, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Nothing on stderr: what is wrong is thrown, too, and a client that sends unknown categories could fill the log.
      logSeverityLevel: 4,
      // Threads that spin while they wait take the processor from the event loop and the neighbours.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    });
  } catch (cause) {
    throw new UnsupportedModel(`ONNX Runtime doesn't open it: ${(cause as Error).message}`, { cause });
  }
}
