import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkModelName } from "../names.ts";
import { listFolders } from "./files.ts";

/** Where deleted experiments lie. */
export const trash = ".trash";
/** In the root: the registered models. In an experiment: its logged models. */
export const modelsFolder = "models";

/** Folders of an experiment that aren't runs. */
const reservedInExperiment: ReadonlySet<string> = new Set(["tags", "datasets", "traces", modelsFolder]);

/** A path as MLflow writes it: an absolute file URI. */
export function fileUri(path: string): string {
  return pathToFileURL(path).href;
}

/** Folders of the experiments that aren't deleted. */
export async function experimentFolders(root: string): Promise<string[]> {
  const names = await listFolders(root);
  return names.filter((name) => name !== trash && name !== modelsFolder).map((name) => join(root, name));
}

/** Folders of an experiment's runs. */
export async function runFolders(experimentDir: string): Promise<string[]> {
  const names = await listFolders(experimentDir);
  return names.filter((name) => !reservedInExperiment.has(name)).map((name) => join(experimentDir, name));
}

/** Folders of an experiment's logged models. */
export async function loggedModelFolders(experimentDir: string): Promise<string[]> {
  const models = join(experimentDir, modelsFolder);
  return (await listFolders(models)).map((name) => join(models, name));
}

/** The folder of a registered model. @throws MlflowError for a name that MLflow refuses. */
export function registeredModelFolder(root: string, model: string): string {
  checkModelName(model);
  return join(root, modelsFolder, model);
}

/** Numbers of the version folders that a registered model has, deleted ones included, lowest first. */
export async function versionNumbers(modelDir: string): Promise<number[]> {
  const names = await listFolders(modelDir);
  return names
    .map((name) => /^version-([1-9]\d*)$/.exec(name)?.[1])
    .filter((number) => number !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

export function versionFolder(modelDir: string, version: string | number): string {
  return join(modelDir, `version-${version}`);
}
