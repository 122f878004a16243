import type { ModelVersion, Run, RunStatus } from "../store.ts";

/** MLflow's answers as they are sent (mlflow/protos/service.proto, model_registry.proto), as far as they are read here. */
export interface Entry<V = string> {
  readonly key: string;
  readonly value: V;
}

export interface VersionMessage {
  readonly name: string;
  readonly version: string | number;
  readonly run_id?: string;
  readonly source?: string;
  readonly status?: string;
  readonly creation_timestamp?: number | string;
  readonly aliases?: readonly string[];
  readonly tags?: readonly Entry[];
}

export interface RunMessage {
  readonly info: {
    readonly run_id: string;
    readonly experiment_id: string;
    readonly run_name?: string;
    readonly status: RunStatus;
    readonly start_time?: number | string;
    readonly end_time?: number | string;
  };
  readonly data?: {
    readonly params?: readonly Entry[];
    readonly metrics?: readonly Entry<number | string>[];
    readonly tags?: readonly Entry[];
  };
}

/** @param aliases Those of the version, where the message leaves them out, as a search does. */
export function toVersion(message: VersionMessage, aliases = message.aliases ?? []): ModelVersion {
  return {
    name: message.name,
    version: String(message.version),
    runId: message.run_id ?? "",
    source: message.source ?? "",
    status: message.status ?? "READY",
    createdAt: Number(message.creation_timestamp ?? 0),
    aliases,
    tags: toRecord(message.tags),
  };
}

export function toRun({ info, data = {} }: RunMessage): Run {
  const metrics = (data.metrics ?? []).map(({ key, value }) => [key, Number(value)]);
  return {
    runId: info.run_id,
    experimentId: info.experiment_id,
    name: info.run_name ?? "",
    status: info.status,
    startedAt: Number(info.start_time ?? 0),
    ...(info.end_time === undefined ? {} : { endedAt: Number(info.end_time) }),
    params: toRecord(data.params),
    metrics: Object.fromEntries(metrics),
    tags: toRecord(data.tags),
  };
}

export function toEntries(record: Readonly<Record<string, string | number | boolean>>): Entry[] {
  return Object.entries(record).map(([key, value]) => ({ key, value: String(value) }));
}

function toRecord(entries: readonly Entry[] = []): Record<string, string> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}
