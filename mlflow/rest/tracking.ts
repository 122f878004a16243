import { MlflowError } from "../error.ts";
import { tagsOfRun } from "../registration.ts";
import type { Registration, Run, RunDataset, RunStatus } from "../store.ts";
import type { Call, Client } from "./client.ts";
import { type RunMessage, toEntries, toRun } from "./messages.ts";

const api = "api/2.0/mlflow";

/** Most params, tags or metrics that one `runs/log-batch` takes (mlflow/utils/validation.py). */
const batchSize = 100;

interface Experiment {
  readonly experiment_id: string;
  readonly lifecycle_stage?: string;
}

/** A logged model as the server made it. */
export interface LoggedModel {
  readonly modelId: string;
  readonly artifactUri: string;
}

/** MLflow's tracking endpoints (mlflow/protos/service.proto). */
export class TrackingApi {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async getRun(runId: string): Promise<Run> {
    return toRun((await this.#get<{ run: RunMessage }>("runs/get", { run_id: runId })).run);
  }

  /** The id of the experiment of that name, made where there is none. @throws MlflowError where it was deleted. */
  async ensureExperiment(name: string, signal: AbortSignal | undefined): Promise<string> {
    let experiment = await this.#findExperiment(name);
    if (experiment === undefined) {
      try {
        const body = { name };
        return (await this.#send<Experiment>("POST", "experiments/create", body, true, signal)).experiment_id;
      } catch (error) {
        if ((error as MlflowError).code !== "RESOURCE_ALREADY_EXISTS") throw error;
        experiment = await this.#findExperiment(name);
        if (experiment === undefined) throw error;
      }
    }
    if (experiment.lifecycle_stage === "deleted")
      throw new MlflowError(
        `experiment ${name} at ${this.#client.uri} is deleted: restore it with "mlflow experiments restore -x ${experiment.experiment_id}", or choose another name`,
      );
    return experiment.experiment_id;
  }

  async createRun(experimentId: string, registration: Registration, signal: AbortSignal | undefined): Promise<string> {
    const body = {
      experiment_id: experimentId,
      run_name: registration.runName,
      start_time: registration.startedAt,
      tags: toEntries(tagsOfRun(registration)),
    };
    return (await this.#send<{ run: RunMessage }>("POST", "runs/create", body, false, signal)).run.info.run_id;
  }

  async logParams(runId: string, params: Registration["params"], signal: AbortSignal | undefined): Promise<void> {
    for (const batch of batches(toEntries(params)))
      await this.#send("POST", "runs/log-batch", { run_id: runId, params: batch }, true, signal);
  }

  /** Logs metrics of a run and of its logged model. Sent twice, they are the same points. */
  async logMetrics(
    runId: string,
    modelId: string,
    metrics: Registration["metrics"],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const timestamp = Date.now();
    const entries = Object.entries(metrics).map(([key, value]) => ({
      key,
      value,
      timestamp,
      step: 0,
      model_id: modelId,
    }));
    for (const batch of batches(entries))
      await this.#send("POST", "runs/log-batch", { run_id: runId, metrics: batch }, true, signal);
  }

  async logDataset(runId: string, dataset: RunDataset, signal: AbortSignal | undefined): Promise<void> {
    const { sourceType, ...rest } = dataset;
    const tags = [{ key: "mlflow.data.context", value: "training" }];
    const datasets = [{ tags, dataset: { ...rest, source_type: sourceType } }];
    await this.#send("POST", "runs/log-inputs", { run_id: runId, datasets }, true, signal);
  }

  async createLoggedModel(
    experimentId: string,
    runId: string,
    registration: Registration,
    signal: AbortSignal | undefined,
  ): Promise<LoggedModel> {
    const tags = Object.entries(registration.tags).filter(([name]) => name.startsWith("mlflow."));
    const body = {
      experiment_id: experimentId,
      name: "model",
      model_type: registration.artifact.modelType,
      source_run_id: runId,
      params: toEntries(registration.params),
      tags: toEntries(Object.fromEntries(tags)),
    };
    const answer = await this.#send<{ model: { info: { model_id: string; artifact_uri: string } } }>(
      "POST",
      "logged-models",
      body,
      false,
      signal,
    );
    const { model_id: modelId, artifact_uri: artifactUri } = answer.model.info;
    const outputs = { run_id: runId, models: [{ model_id: modelId, step: 0 }] };
    await this.#send("POST", "runs/outputs", outputs, true, signal);
    return { modelId, artifactUri };
  }

  async endLoggedModel(modelId: string, status: "LOGGED_MODEL_READY" | "LOGGED_MODEL_UPLOAD_FAILED"): Promise<void> {
    await this.#send("PATCH", `logged-models/${encodeURIComponent(modelId)}`, { model_id: modelId, status }, true);
  }

  async endRun(runId: string, status: RunStatus): Promise<void> {
    await this.#send("POST", "runs/update", { run_id: runId, status, end_time: Date.now() }, true);
  }

  async #findExperiment(name: string): Promise<Experiment | undefined> {
    try {
      const query = { experiment_name: name };
      return (await this.#get<{ experiment: Experiment }>("experiments/get-by-name", query)).experiment;
    } catch (error) {
      if ((error as MlflowError).code === "RESOURCE_DOES_NOT_EXIST") return undefined;
      throw error;
    }
  }

  #get<T>(endpoint: string, query: Record<string, string>): Promise<T> {
    return this.#client.json<T>({ method: "GET", path: `${api}/${endpoint}`, query, idempotent: true });
  }

  #send<T>(
    method: Call["method"],
    endpoint: string,
    body: unknown,
    idempotent: boolean,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#client.json<T>({ method, path: `${api}/${endpoint}`, body, idempotent, signal });
  }
}

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += batchSize) yield items.slice(start, start + batchSize);
}
