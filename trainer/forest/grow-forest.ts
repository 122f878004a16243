import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { type BinnedFeature, binFeature } from "./bin-features.ts";
import { type ForestParams, treeLimits } from "./forest-params.ts";
import { type ForestTask, treeGrower } from "./grow-tree.ts";
import type { EncodedLabels } from "./training-data.ts";
import type { Tree } from "./tree.ts";
import { WorkerPool } from "./worker-pool.ts";

/** What {@link RandomForestClassifier.fit} takes beside the rows. */
export interface FitOptions {
  /** Ends the training: `fit` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each tree. */
  readonly onTree?: ((done: number, total: number) => void) | undefined;
  /** Worker threads; 0 trains in this thread. It never changes the forest. @default 0 for small data, else one a core */
  readonly workers?: number | undefined;
}

/** Work, in rows times trees, that takes about as long as it takes worker threads to start. */
const smallWork = 1_000_000;

/** Grows the trees of a forest, by worker threads where that pays. */
export async function growForest(
  params: ForestParams,
  columns: readonly Float64Array[],
  labels: EncodedLabels,
  { signal, onTree, workers = defaultWorkers(params, labels.codes.length) }: FitOptions,
): Promise<Tree[]> {
  const total = params.nEstimators;
  signal?.throwIfAborted();
  const pool = workers > 0 ? new WorkerPool(Math.min(workers, total)) : undefined;
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  const onAbort = () => aborted.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  try {
    const task = await forestTask(params, columns, labels, signal);
    const progress = (done: number) => onTree?.(done, total);
    if (!pool) return await growHere(task, total, progress, signal);
    return await Promise.race([pool.grow(task, total, progress), aborted.promise]);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await pool?.close();
  }
}

async function growHere(
  task: ForestTask,
  total: number,
  onTree: (done: number) => void,
  signal?: AbortSignal,
): Promise<Tree[]> {
  const grow = await treeGrower(task);
  const trees: Tree[] = [];
  for (let index = 0; index < total; index++) {
    trees.push(grow(index));
    onTree(index + 1);
    await turn(signal);
  }
  return trees;
}

async function forestTask(
  params: ForestParams,
  columns: readonly Float64Array[],
  labels: EncodedLabels,
  signal?: AbortSignal,
): Promise<ForestTask> {
  const { treeLearner, maxBins, bootstrap, randomState } = params;
  const limits = treeLimits(params, columns.length);
  const rest = { labels: labels.codes, classes: labels.classes.length, limits, bootstrap, randomState };
  // Copied, as a view of a larger buffer would take all of it along to each worker.
  if (treeLearner === "cart")
    return { rows: { learner: "cart", columns: columns.map((column) => column.slice()) }, ...rest };
  const features: BinnedFeature[] = [];
  for (const column of columns) {
    features.push(binFeature(column, maxBins));
    await turn(signal);
  }
  return { rows: { learner: "histogram", features }, ...rest };
}

/** Lets other work of this thread have its turn, an abort among it. */
async function turn(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

function defaultWorkers({ treeLearner, nEstimators }: ForestParams, rows: number): number {
  const work = rows * nEstimators * (treeLearner === "cart" ? rows : 1);
  return work <= smallWork ? 0 : availableParallelism();
}
