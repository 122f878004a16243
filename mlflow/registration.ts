import { MlflowError } from "./error.ts";
import { sha256Hex } from "./model-folder/digest.ts";
import { goldenSampleJson } from "./model-folder/golden.ts";
import { checkEntityName, checkModelName } from "./names.ts";
import { type Registration, versionTags } from "./store.ts";

/** Longest value of a parameter and longest digest of a dataset that MLflow's SQL stores take (mlflow/utils/validation.py). */
const maxParamLength = 6000;
const maxDigestLength = 36;

/**
 * Checks a registration before anything of it is written, by the rules of MLflow's server, whichever store it goes to.
 *
 * @throws MlflowError naming the first thing that MLflow would refuse.
 */
export function checkRegistration({
  model,
  experiment,
  params,
  metrics,
  tags,
  versionTags,
  dataset,
}: Registration): void {
  checkModelName(model);
  if (experiment.trim() === "") throw new MlflowError("expected the name of an experiment, got an empty one");
  for (const [kind, entries] of Object.entries({
    param: params,
    metric: metrics,
    tag: tags,
    "version tag": versionTags,
  }))
    for (const name of Object.keys(entries)) checkEntityName(kind, name);
  for (const [name, value] of Object.entries(metrics))
    if (!Number.isFinite(value)) throw new MlflowError(`metric ${name}: expected a finite number, got ${value}`);
  for (const [name, value] of Object.entries(params))
    if (String(value).length > maxParamLength)
      throw new MlflowError(
        `param ${name}: expected at most ${maxParamLength} characters, got ${String(value).length}`,
      );
  if (dataset.digest.length > maxDigestLength)
    throw new MlflowError(
      `dataset ${dataset.name}: expected a digest of at most ${maxDigestLength} characters, got ${dataset.digest}`,
    );
}

/** All tags of the version: the registration's own, and the digests of what is registered. */
export function tagsOfVersion({ artifact, versionTags: own }: Registration): Record<string, string> {
  return {
    ...own,
    [versionTags.sha256]: sha256Hex(artifact.onnx),
    [versionTags.goldenSha256]: sha256Hex(goldenSampleJson(artifact.golden)),
  };
}

/** Tags of the run: the registration's own, and its name, where MLflow's UI looks for it. */
export function tagsOfRun({ tags, runName }: Registration): Record<string, string> {
  return { ...tags, "mlflow.runName": runName };
}

/** How a run ends whose registration failed with `error`: KILLED where it was called off. */
export function endOfFailed(signal: AbortSignal | undefined): "KILLED" | "FAILED" {
  return signal?.aborted ? "KILLED" : "FAILED";
}
