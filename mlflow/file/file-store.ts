import { randomUUID } from "node:crypto";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { MlflowError } from "../error.ts";
import { placeFolder } from "../place-folder.ts";
import { checkRegistration, endOfFailed, tagsOfVersion } from "../registration.ts";
import type { MlflowStore, ModelVersion, Registration, Run } from "../store.ts";
import { modelFolderOf } from "./artifacts.ts";
import { ensureExperiment, ensureRoot } from "./experiments.ts";
import { fileUri } from "./layout.ts";
import { createLoggedModel, linkToVersion, loggedModelFolder } from "./logged-models.ts";
import {
  createVersion,
  readAlias,
  readVersion,
  readVersions,
  type StoredVersion,
  writeAlias,
  writeVersionTag,
} from "./registry.ts";
import { relocate } from "./relocate.ts";
import { createRun, endRun, readRun } from "./runs.ts";

/**
 * MLflow's file store, a folder that real MLflow reads with `MLFLOW_ALLOW_FILE_STORE=true`
 * (mlflow/store/tracking/file_store.py, mlflow/store/model_registry/file_store.py of MLflow 3.17).
 * Several processes may register in it at once, and it may be moved.
 */
export class FileStore implements MlflowStore {
  readonly uri: string;
  readonly #root: string;

  /** @param root Absolute path; the folder is made by the first registration. */
  constructor(root: string) {
    this.#root = root;
    this.uri = fileUri(root);
  }

  async listVersions(model: string): Promise<ModelVersion[]> {
    const versions = await this.#attempt(() => readVersions(this.#root, model));
    return versions.filter(({ status }) => status === "READY").map((version) => publicPart(version));
  }

  async getVersion(model: string, version: string): Promise<ModelVersion | undefined> {
    return publicPart(await this.#attempt(() => readVersion(this.#root, model, version)));
  }

  async getVersionByAlias(model: string, alias: string): Promise<ModelVersion | undefined> {
    if (alias === "latest") return (await this.listVersions(model))[0];
    return publicPart(await this.#attempt(() => readAlias(this.#root, model, alias)));
  }

  async setAlias(model: string, alias: string, version: string): Promise<void> {
    await this.#attempt(() => relocate(this.#root));
    await this.#attempt(() => writeAlias(this.#root, model, alias, version));
  }

  async setVersionTag(model: string, version: string, key: string, value: string): Promise<void> {
    await this.#attempt(() => relocate(this.#root));
    await this.#attempt(() => writeVersionTag(this.#root, model, version, key, value));
  }

  async getRun(runId: string): Promise<Run> {
    return this.#attempt(() => readRun(this.#root, runId));
  }

  async downloadModel(version: ModelVersion, dir: string): Promise<void> {
    await this.#attempt(async () => {
      const stored = await readVersion(this.#root, version.name, version.version);
      if (stored === undefined)
        throw new MlflowError(
          `expected version ${version.version} of model ${version.name}, but ${this.#root} holds none such`,
        );
      const source = await modelFolderOf(this.#root, stored);
      await placeFolder(dir, (temporary) => cp(source, temporary, { recursive: true }));
    });
  }

  async logAndRegister(registration: Registration, signal?: AbortSignal): Promise<ModelVersion> {
    checkRegistration(registration);
    signal?.throwIfAborted();
    return this.#attempt(() => this.#register(registration, signal));
  }

  async #register(registration: Registration, signal: AbortSignal | undefined): Promise<ModelVersion> {
    const { model, experiment } = registration;
    await ensureRoot(this.#root);
    await relocate(this.#root);
    const experimentDir = await ensureExperiment(this.#root, experiment);
    const [runId, modelId] = [newId(), `m-${newId()}`];
    const modelDir = loggedModelFolder(experimentDir, modelId);
    const runDir = await createRun(experimentDir, runId, modelId, registration, Date.now());
    try {
      await createLoggedModel(modelDir, runId, registration, Date.now(), signal);
      signal?.throwIfAborted();
      await endRun(runDir, "FINISHED", Date.now());
      const storageLocation = fileUri(join(modelDir, "artifacts"));
      const source = { modelId, runId, storageLocation };
      const version = await createVersion(this.#root, model, source, tagsOfVersion(registration), modelDir);
      await linkToVersion(modelDir, model, version);
      return publicPart((await readVersion(this.#root, model, version))!);
    } catch (error) {
      // The first error is what counts: one more, mostly the same, would hide it.
      await endRun(runDir, endOfFailed(signal), Date.now()).catch(() => undefined);
      throw error;
    }
  }

  /** Runs one operation; what the file system refuses becomes an MlflowError that names the store. */
  async #attempt<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw new MlflowError(`MLflow file store ${this.#root}: ${error.message}`, { code: error.code, cause: error });
    }
  }
}

function publicPart(version: StoredVersion): ModelVersion;
function publicPart(version: StoredVersion | undefined): ModelVersion | undefined;
function publicPart(version: StoredVersion | undefined): ModelVersion | undefined {
  if (version === undefined) return undefined;
  const { storageLocation: _, ...rest } = version;
  return rest;
}

function newId(): string {
  return randomUUID().replaceAll("-", "");
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string";
}
