import { toYaml } from "../yaml.ts";
import { mlflowVersion, onnxVersion, pythonVersion } from "./environment.ts";
import { signatureEntry } from "./signature.ts";
import type { ModelArtifact } from "./types.ts";

/** What tells one logged model from another: the only things in a model folder that the artifact doesn't decide. */
export interface ModelIdentity {
  /** MLflow's id of the logged model, `m-` and 32 hex digits. */
  readonly modelId: string;
  readonly runId: string;
  /** Where the folder goes, as a URI. */
  readonly artifactUri: string;
  /** ms since the epoch. */
  readonly createdAt: number;
}

/**
 * The text of an MLmodel file, entry for entry what `mlflow.onnx.log_model` of MLflow 3.17 writes
 * (mlflow/models/model.py, mlflow/onnx/__init__.py), with model type and classes as its `metadata`.
 *
 * @param sizeBytes Size of the model's own files, those of the Python environment left out.
 */
export function mlmodelText(artifact: ModelArtifact, identity: ModelIdentity, sizeBytes: number): string {
  return toYaml({
    artifact_path: identity.artifactUri,
    flavors: {
      onnx: {
        code: null,
        data: "model.onnx",
        onnx_session_options: null,
        onnx_version: onnxVersion,
        providers: ["CPUExecutionProvider"],
      },
      python_function: {
        data: "model.onnx",
        env: { conda: "conda.yaml", virtualenv: "python_env.yaml" },
        loader_module: "mlflow.onnx",
        python_version: pythonVersion,
      },
    },
    is_signature_from_type_hint: false,
    metadata: { model_type: artifact.modelType, classes: artifact.classes },
    mlflow_version: mlflowVersion,
    model_id: identity.modelId,
    model_size_bytes: sizeBytes,
    model_uuid: identity.modelId,
    prompts: null,
    run_id: identity.runId,
    saved_input_example_info: {
      artifact_path: "input_example.json",
      pandas_orient: "split",
      serving_input_path: "serving_input_example.json",
      type: "dataframe",
    },
    signature: signatureEntry(artifact.signature),
    type_hint_from_example: false,
    utc_time_created: new Date(identity.createdAt).toISOString().replace("T", " ").replace("Z", "000"),
  });
}
