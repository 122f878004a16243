import { MlflowError } from "../error.ts";
import { baselineJson } from "./baseline.ts";
import { environmentFiles } from "./environment.ts";
import { checkFeatureNames, featureServiceJson } from "./feature-service.ts";
import { checkGoldenShape, goldenSampleJson } from "./golden.ts";
import { type ModelIdentity, mlmodelText } from "./mlmodel.ts";
import type { ModelArtifact } from "./types.ts";

export type { ModelIdentity } from "./mlmodel.ts";

/**
 * The files of a model folder, by name. The same artifact and identity give the same bytes.
 *
 * @throws MlflowError where the artifact's parts don't fit together.
 */
export function modelFolderFiles(artifact: ModelArtifact, identity: ModelIdentity): Map<string, Uint8Array | string> {
  check(artifact);
  const columns = artifact.signature.inputs.map(({ name }) => name);
  const example = { columns, data: artifact.inputExample.map((row) => columns.map((name) => row[name] ?? null)) };
  const files = new Map<string, Uint8Array | string>([
    ["model.onnx", artifact.onnx],
    ["input_example.json", JSON.stringify(example)],
    ["serving_input_example.json", JSON.stringify({ dataframe_split: example }, undefined, 2)],
    ["golden_sample.json", goldenSampleJson(artifact.golden)],
    ["baseline.json", baselineJson(artifact.baseline)],
  ]);
  if (artifact.featureService) files.set("feature_service.json", featureServiceJson(artifact.featureService));
  let size = 0;
  for (const content of files.values()) size += Buffer.byteLength(content);
  files.set("MLmodel", mlmodelText(artifact, identity, size));
  for (const [name, text] of Object.entries(environmentFiles)) files.set(name, text);
  return files;
}

function check({ signature, golden, classes, inputExample, featureService }: ModelArtifact): void {
  const names = signature.inputs.map(({ name }) => name);
  if (new Set(names).size !== names.length)
    throw new MlflowError(`signature: expected each input once, got ${names.join(", ")}`);
  if (golden.columns.join("\n") !== names.join("\n"))
    throw new MlflowError(
      `golden sample: expected the signature's columns ${names.join(", ")}, got ${golden.columns.join(", ")}`,
    );
  checkGoldenShape(golden, "golden sample");
  if (golden.probabilities[0] !== undefined && golden.probabilities[0].length !== classes.length)
    throw new MlflowError(
      `golden sample: expected ${classes.length} probabilities a row, one a class, got ${golden.probabilities[0].length}`,
    );
  if (featureService) checkFeatureNames(featureService, names, "feature service");
  for (const [index, row] of inputExample.entries()) {
    const unknown = Object.keys(row).find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new MlflowError(`input example, row ${index}: expected only ${names.join(", ")}, got ${unknown}`);
  }
}
