import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readModelFolder } from "../../mlflow/model-folder.ts";
import type { MlflowStore } from "../../mlflow/store.ts";
import type { ModelPlan } from "./plan.ts";
import { compareSchemas, type SchemaChange } from "./schema-change.ts";

/** A model version that a stack has, as its state records it. */
export interface CurrentModel {
  readonly modelName: string;
  readonly version: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What a run is about to do to the served model, in the terms of the model. */
export interface ModelChange {
  readonly modelName: string;
  /** The version that the stack has; absent on a new stack, or where it has another model. */
  readonly from?: string;
  /** The version that it will have; absent where it has yet to be trained. */
  readonly to?: string;
  /** Why it is that version, or why one is trained. */
  readonly reason?: string;
  /** Each metric of either version; none where the new version is yet to be trained. */
  readonly metrics: readonly MetricChange[];
  /** Absent where there is nothing to compare with, or nothing to be read. */
  readonly schema?: SchemaChange;
}

/** A metric of two versions; what one doesn't have is absent. */
export interface MetricChange {
  readonly name: string;
  readonly from?: number;
  readonly to?: number;
}

/**
 * Compares the planned version with the one that the stack has: metrics of their runs, and inputs of their signatures.
 *
 * @returns undefined where the stack has that very version.
 */
export async function findModelChange(
  store: MlflowStore,
  plan: ModelPlan,
  current: CurrentModel | undefined,
): Promise<ModelChange | undefined> {
  const { modelName, reason, resolved, keep } = plan;
  const before = current?.modelName === modelName ? current : undefined;
  if (before && (keep || before.version === resolved?.version)) return undefined;
  const common = { modelName, ...(before && { from: before.version }), ...(reason && { reason }) };
  if (!resolved) return { ...common, metrics: [] };
  const to = await describeVersion(store, modelName, resolved.version);
  const from = before && (await describeVersion(store, modelName, before.version));
  return {
    ...common,
    to: resolved.version,
    metrics: compareMetrics(before?.metrics ?? {}, to?.metrics ?? {}),
    ...(from?.inputs && to?.inputs && { schema: compareSchemas(from.inputs, to.inputs) }),
  };
}

/** @returns undefined where the registry doesn't have it any more. */
async function describeVersion(store: MlflowStore, model: string, number: string) {
  const version = await store.getVersion(model, number);
  if (!version) return undefined;
  const metrics = version.runId === "" ? {} : (await store.getRun(version.runId)).metrics;
  const folder = await mkdtemp(join(tmpdir(), "compared-model-"));
  try {
    await store.downloadModel(version, join(folder, "model"));
    return { metrics, inputs: (await readModelFolder(join(folder, "model"))).signature?.inputs };
  } catch {
    // A version whose artifact can't be read is refused, or said to be gone, where it is pinned.
    return { metrics, inputs: undefined };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function compareMetrics(from: CurrentModel["metrics"], to: CurrentModel["metrics"]): MetricChange[] {
  const names = [...new Set([...Object.keys(to), ...Object.keys(from)])];
  return names.map((name) => ({
    name,
    ...(from[name] !== undefined && { from: from[name] }),
    ...(to[name] !== undefined && { to: to[name] }),
  }));
}
