/** The model folder's format: what a training writes and a service reads, an MLflow model of the flavors `onnx` and `python_function`. */
export { sha256Hex } from "./model-folder/digest.ts";
export { mlflowVersion } from "./model-folder/environment.ts";
export { goldenSampleJson } from "./model-folder/golden.ts";
export { readModelFolder } from "./model-folder/read.ts";
export type {
  ColumnSpec,
  ColumnType,
  FeatureBaseline,
  FeatureServiceSpec,
  GoldenSample,
  JoinKey,
  ModelArtifact,
  ModelFolder,
  ServedFeature,
  Signature,
  TensorSignature,
  TensorSpec,
} from "./model-folder/types.ts";
export { type ModelIdentity, modelFolderFiles } from "./model-folder/write.ts";
