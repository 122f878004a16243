import type { ModelArtifact } from "./model-folder/types.ts";

/** One version of a registered model. */
export interface ModelVersion {
  readonly name: string;
  /** A whole number from 1, as text. */
  readonly version: string;
  /** Empty where the version was registered without a run. */
  readonly runId: string;
  /** URI of what was registered, mostly `models:/m-…`. */
  readonly source: string;
  /** `READY`, `PENDING_REGISTRATION` or `FAILED_REGISTRATION`. */
  readonly status: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

/** One tracked run. */
export interface Run {
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: RunStatus;
  /** ms since the epoch. */
  readonly startedAt: number;
  /** ms since the epoch; absent while it runs. */
  readonly endedAt?: number;
  readonly params: Readonly<Record<string, string>>;
  /** The last value of each. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The data a run was trained on, MLflow's dataset input. */
export interface RunDataset {
  readonly name: string;
  /** At most 36 characters. */
  readonly digest: string;
  /** JSON, such as `{"uri":"data/labels.parquet"}`. */
  readonly source: string;
  /** MLflow's name of the kind of source, such as `local`. */
  readonly sourceType: string;
  /** JSON, `{"mlflow_colspec":[…]}`. */
  readonly schema: string;
  /** JSON, such as `{"num_rows":188560}`. */
  readonly profile: string;
}

/** A finished training: all that becomes a run, a logged model and a registered version. */
export interface Registration {
  readonly experiment: string;
  readonly model: string;
  readonly runName: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  /** Finite values. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Tags of the run. */
  readonly tags: Readonly<Record<string, string>>;
  /** Tags of the version; the digests of model and golden sample are added to them. */
  readonly versionTags: Readonly<Record<string, string>>;
  readonly dataset: RunDataset;
  readonly artifact: ModelArtifact;
  /** ms since the epoch. */
  readonly startedAt: number;
}

/** Tracking and registry of one MLflow, behind a server or in a folder. Every method throws MlflowError. */
export interface MlflowStore {
  /** Where it is, without credentials. */
  readonly uri: string;
  /** READY versions, highest first; none where the model doesn't exist. */
  listVersions(model: string): Promise<ModelVersion[]>;
  getVersion(model: string, version: string): Promise<ModelVersion | undefined>;
  getVersionByAlias(model: string, alias: string): Promise<ModelVersion | undefined>;
  setAlias(model: string, alias: string, version: string): Promise<void>;
  setVersionTag(model: string, version: string, key: string, value: string): Promise<void>;
  getRun(runId: string): Promise<Run>;
  /**
   * Copies a version's whole model folder to `dir`, which must not exist yet or be empty.
   * It is written to a temporary place beside it and renamed, so `dir` is there whole or not at all.
   */
  downloadModel(version: ModelVersion, dir: string): Promise<void>;
  /**
   * Logs a run with its model and registers that as the model's next version. The version comes last, with its tags,
   * so one that is there is whole; a failed registration leaves its run FAILED, an aborted one KILLED, neither a version.
   */
  logAndRegister(registration: Registration, signal?: AbortSignal): Promise<ModelVersion>;
}

/** What a service needs of a store: to find versions and to fetch one. */
export type VersionReader = Pick<
  MlflowStore,
  "uri" | "listVersions" | "getVersion" | "getVersionByAlias" | "downloadModel"
>;

/** Names of the tags that a version of ours carries. */
export const versionTags = {
  /** SHA-256 of the ONNX file, hex. */
  sha256: "model_sha256",
  /** SHA-256 of golden_sample.json, hex. */
  goldenSha256: "golden_sha256",
  /** The training's fingerprint as a whole. */
  fingerprint: "training_fingerprint",
} as const;
