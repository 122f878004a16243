import type { InferenceSession } from "onnxruntime-node";
import type { ModelFolder } from "../../mlflow/model-folder.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import { missingText } from "./graph/missing-text.ts";
import { type OnnxGraph, readGraph } from "./graph/onnx-graph.ts";
import { withoutZipMaps, type ZippedTensor } from "./graph/zip-maps.ts";
import { graphInputs } from "./graph-input.ts";
import { modelColumns } from "./model-columns.ts";
import { modelOutputs } from "./model-outputs.ts";
import type { ModelSchema } from "./model-schema.ts";
import { bindInputs } from "./onnx-inputs.ts";
import { createSession } from "./onnx-session.ts";
import { type OutputRoles, outputRoles } from "./output-roles.ts";
import { classLabels, predictionType } from "./output-schema.ts";
import { areProbabilities } from "./read-outputs.ts";
import { sessionRunner } from "./session-runner.ts";
import { joinRows, slicePredictions } from "./slices.ts";
import { tryModel } from "./trial.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

/** What of a model folder the model is made from. */
export type OnnxFolder = Pick<ModelFolder, "onnx" | "signature" | "tensors" | "classes">;

/** A session whose inputs and outputs are bound to a signature. */
export interface OnnxModel {
  readonly schema: ModelSchema;
  /**
   * Runs all rows at once. The native call blocks the event loop meanwhile (onnxruntime, js/node/lib/backend.ts).
   *
   * @throws InvalidFeatures where the graph refuses a value; then none of the rows is answered.
   */
  run(rows: FeatureRows): Promise<Predictions>;
  /** Frees the session's memory. */
  release(): Promise<void>;
}

/**
 * @param threads - of one run. Runs of a few rows, up to 50 in a forest, take one all the same.
 * @throws {@link UnsupportedModel} where the bytes are no model that ONNX Runtime opens, or inputs and outputs don't fit.
 */
export async function openOnnxModel(folder: OnnxFolder, threads = 1): Promise<OnnxModel> {
  const graph = readGraph(folder.onnx);
  const { onnx, zipped } = withoutZipMaps(folder.onnx, graph);
  const session = await createSession(onnx, threads);
  try {
    const model = await bindModel(session, folder, graph, zipped);
    return { ...model, run: threads > 1 ? aloneTwice(model.run) : model.run, release: () => session.release() };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/**
 * ONNX Runtime shares the trees of a single row among its threads (onnxruntime, core/providers/cpu/ml/tree_ensemble_common.h),
 * and waking them takes longer than the trees do. Given twice, the row is answered by one.
 */
function aloneTwice(run: OnnxModel["run"]): OnnxModel["run"] {
  return (rows) =>
    rows.count === 1
      ? run(joinRows([rows, rows])).then((predictions) => slicePredictions(predictions, 0, 1))
      : run(rows);
}

async function bindModel(
  session: InferenceSession,
  folder: OnnxFolder,
  { nodes }: OnnxGraph,
  zipped: readonly ZippedTensor[],
): Promise<Omit<OnnxModel, "release">> {
  const bound = modelColumns(graphInputs(session.inputMetadata), folder);
  const feed = bindInputs(bound, missingText(nodes));
  const names = zipped.map(({ name }) => name);
  const declared = outputRoles(session.outputMetadata, names, folder.classes?.length);
  const runAll = sessionRunner(session, feed, declared, folder.classes);
  const trial = await tryModel(runAll, bound.columns);
  const roles = trial ? withoutScores(declared, trial) : declared;
  const classes = classLabels(roles, trial?.classes, { folder: folder.classes, zipped: zipped[0]?.labels, nodes });
  return {
    schema: {
      columns: bound.columns,
      task: roles.value ? "regression" : "classification",
      prediction: predictionType(roles, folder.classes),
      probabilities: roles.probabilities !== undefined,
      ...(classes && { classes }),
      signature: folder.signature ? "columns" : folder.tensors ? "tensors" : "none",
      outputs: modelOutputs(session.outputMetadata, roles, zipped),
    },
    run: roles === declared ? runAll : sessionRunner(session, feed, roles),
  };
}

/** Numbers beyond 0 … 1 are a classifier's scores, such as a support vector machine's: its label alone is answered then. */
function withoutScores(roles: OutputRoles, { probabilities }: Predictions): OutputRoles {
  if (areProbabilities(probabilities)) return roles;
  const { label, probabilities: scores } = roles;
  if (label) return { label };
  throw new UnsupportedModel(
    `its output ${scores?.names} holds numbers beyond 0 … 1, which are no probabilities of classes: let its graph end in a Softmax`,
  );
}
