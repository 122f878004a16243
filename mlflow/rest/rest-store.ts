import type { ArtifactRepository } from "../artifact-repository.ts";
import { modelFolderFiles } from "../model-folder/write.ts";
import { checkAlias, checkEntityName, checkModelName, checkRunId, checkVersionNumber } from "../names.ts";
import { placeFolder } from "../place-folder.ts";
import { checkRegistration, endOfFailed, tagsOfVersion } from "../registration.ts";
import { S3Artifacts } from "../s3/artifacts.ts";
import type { MlflowStore, ModelVersion, Registration, Run } from "../store.ts";
import { ArtifactsApi } from "./artifacts.ts";
import { Client, type ClientOptions } from "./client.ts";
import { RegistryApi } from "./registry.ts";
import { type LoggedModel, TrackingApi } from "./tracking.ts";

/** An MLflow server from version 3 on, over its REST interface, with artifacts behind its proxy or in S3. */
export class RestStore implements MlflowStore {
  readonly uri: string;
  readonly #tracking: TrackingApi;
  readonly #registry: RegistryApi;
  readonly #proxy: ArtifactsApi;
  readonly #s3 = new S3Artifacts();

  constructor(address: string, options: ClientOptions = {}) {
    const client = new Client(address, options);
    this.uri = client.uri;
    this.#tracking = new TrackingApi(client);
    this.#registry = new RegistryApi(client);
    this.#proxy = new ArtifactsApi(client);
  }

  async listVersions(model: string): Promise<ModelVersion[]> {
    checkModelName(model);
    const versions = await this.#registry.search(model);
    return versions
      .filter(({ name, status }) => name === model && status === "READY")
      .sort((a, b) => Number(b.version) - Number(a.version));
  }

  async getVersion(model: string, version: string): Promise<ModelVersion | undefined> {
    checkModelName(model);
    checkVersionNumber(version);
    return this.#registry.get(model, version);
  }

  async getVersionByAlias(model: string, alias: string): Promise<ModelVersion | undefined> {
    if (alias === "latest") return (await this.listVersions(model))[0];
    checkModelName(model);
    checkAlias(alias);
    return this.#registry.getByAlias(model, alias);
  }

  async setAlias(model: string, alias: string, version: string): Promise<void> {
    checkAlias(alias);
    await this.#registry.setAlias(model, alias, version);
  }

  async setVersionTag(model: string, version: string, key: string, value: string): Promise<void> {
    checkEntityName("version tag", key);
    await this.#registry.setTag(model, version, key, value);
  }

  async getRun(runId: string): Promise<Run> {
    checkRunId(runId);
    return this.#tracking.getRun(runId);
  }

  async downloadModel(version: ModelVersion, dir: string): Promise<void> {
    const artifactUri = await this.#registry.downloadUri(version.name, version.version);
    await placeFolder(dir, (temporary) => this.#artifactsAt(artifactUri).download(artifactUri, temporary));
  }

  async logAndRegister(registration: Registration, signal?: AbortSignal): Promise<ModelVersion> {
    checkRegistration(registration);
    signal?.throwIfAborted();
    const experimentId = await this.#tracking.ensureExperiment(registration.experiment, signal);
    const runId = await this.#tracking.createRun(experimentId, registration, signal);
    let model: LoggedModel | undefined;
    let uploaded = false;
    try {
      await this.#tracking.logParams(runId, registration.params, signal);
      await this.#tracking.logDataset(runId, registration.dataset, signal);
      model = await this.#tracking.createLoggedModel(experimentId, runId, registration, signal);
      await this.#tracking.logMetrics(runId, model.modelId, registration.metrics, signal);
      await this.#upload(model, runId, registration, signal);
      await this.#tracking.endLoggedModel(model.modelId, "LOGGED_MODEL_READY");
      uploaded = true;
      await this.#registry.ensureModel(registration.model);
      await this.#tracking.endRun(runId, "FINISHED");
      signal?.throwIfAborted();
      // From here on it can't be called off: half sent, nobody could tell whether the version is there.
      const source = { modelId: model.modelId, runId };
      return await this.#registry.createVersion(registration.model, source, tagsOfVersion(registration));
    } catch (error) {
      const unfinished = uploaded ? undefined : model;
      await this.#giveUp(runId, unfinished, endOfFailed(signal));
      throw error;
    }
  }

  async #upload(
    { modelId, artifactUri }: LoggedModel,
    runId: string,
    registration: Registration,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const identity = { modelId, runId, artifactUri, createdAt: Date.now() };
    for (const [name, content] of modelFolderFiles(registration.artifact, identity))
      await this.#artifactsAt(artifactUri).upload(artifactUri, name, content, signal);
  }

  /** The proxy refuses what is out of its reach. */
  #artifactsAt(artifactUri: string): ArtifactRepository {
    return /^s3:/i.test(artifactUri) ? this.#s3 : this.#proxy;
  }

  /** Marks what was begun as ended. The first error is what counts: one more, mostly the same, would hide it. */
  async #giveUp(runId: string, model: LoggedModel | undefined, status: "FAILED" | "KILLED"): Promise<void> {
    if (model !== undefined)
      await this.#tracking.endLoggedModel(model.modelId, "LOGGED_MODEL_UPLOAD_FAILED").catch(() => undefined);
    await this.#tracking.endRun(runId, status).catch(() => undefined);
  }
}
