import { posix } from "node:path";
import { MlflowError } from "./error.ts";

/**
 * Names as MLflow allows them (mlflow/utils/validation.py). They become file names in a file store,
 * so these checks are also what keeps a name from leading out of it.
 */
function isUniquePath(name: string): boolean {
  return posix.normalize(name) === name && name !== "." && !name.startsWith("..") && !name.startsWith("/");
}

/** Checks a registered model's name. @throws MlflowError */
export function checkModelName(name: string): void {
  if (name.trim() === "" || /[/:%\\\0]/.test(name) || !isUniquePath(name))
    throw new MlflowError(`expected a model name without "/", ":", "%" or "..", got "${name}"`);
}

/** Checks the name of a parameter, a metric or a tag. @throws MlflowError */
export function checkEntityName(kind: string, name: string): void {
  if (!/^[/\w.\- :]{1,250}$/.test(name) || !isUniquePath(name) || name.endsWith("/"))
    throw new MlflowError(
      `${kind} "${name}": expected a name of letters, digits, "_", "-", ".", ":", " " and single inner "/", at most 250`,
    );
}

/** Checks the name of an alias. @throws MlflowError */
export function checkAlias(alias: string): void {
  if (!/^[\w-]{1,255}$/.test(alias) || /^(latest|v\d+)$/i.test(alias))
    throw new MlflowError(
      `expected an alias of letters, digits, "_" and "-", other than "latest" and "v1", got "${alias}"`,
    );
}

/** Checks a version's number. @throws MlflowError */
export function checkVersionNumber(version: string): void {
  if (!/^[1-9]\d{0,8}$/.test(version)) throw new MlflowError(`expected a version number from 1, got "${version}"`);
}

/** Checks a run's id. @throws MlflowError */
export function checkRunId(runId: string): void {
  if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(runId)) throw new MlflowError(`expected the id of a run, got "${runId}"`);
}
