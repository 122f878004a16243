import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TreeJson } from "../../trainer/forest/forest-json.ts";
import type { ForestParams } from "../../trainer/forest/forest-params.ts";
import type { LabelledRows } from "../../trainer/forest/test-sample.ts";
import { python, run } from "./python.ts";

/** What an estimator of scikit-learn learns from, and is judged by. */
export interface PeerTask {
  readonly params: Partial<ForestParams>;
  readonly train: LabelledRows;
  readonly test: LabelledRows;
}

/** scikit-learn's tree, and its probabilities of the test rows, row major. */
export type PeerTree = TreeJson & { readonly probabilities: readonly number[] };

/** How good scikit-learn's forest is on the test rows. */
export interface PeerForest {
  readonly rocAuc: number;
  readonly accuracy: number;
}

/** Fits scikit-learn's DecisionTreeClassifier for each task. */
export function peerTrees(tasks: readonly PeerTask[]): Promise<PeerTree[]> {
  return fitAll("tree", tasks);
}

/** Fits scikit-learn's RandomForestClassifier, on all cores. */
export async function peerForest(task: PeerTask): Promise<PeerForest> {
  return (await fitAll<PeerForest>("forest", [task]))[0]!;
}

async function fitAll<Answer>(estimator: "tree" | "forest", tasks: readonly PeerTask[]): Promise<Answer[]> {
  const root = await mkdtemp(join(tmpdir(), "forest-"));
  try {
    const folders = await Promise.all(tasks.map((task, i) => writeTask(join(root, `${i}`), estimator, task)));
    const answers = await run(await python(), [join(import.meta.dirname, "forest.py"), ...folders]);
    return answers
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  } finally {
    await rm(root, { recursive: true });
  }
}

async function writeTask(folder: string, estimator: string, { params, train, test }: PeerTask): Promise<string> {
  await mkdir(folder);
  const theirs = {
    max_depth: params.maxDepth ?? null,
    min_samples_leaf: params.minSamplesLeaf ?? 1,
    min_samples_split: params.minSamplesSplit ?? 2,
    random_state: 0,
  };
  const task = { estimator, params: theirs, features: train.columns.length };
  await writeFile(join(folder, "task.json"), JSON.stringify(task));
  await writeFile(join(folder, "train.bin"), bytes(train));
  await writeFile(join(folder, "test.bin"), bytes(test));
  return folder;
}

function bytes({ columns, labels }: LabelledRows): Buffer {
  return Buffer.concat([...columns, labels].map((column) => new Uint8Array(column.slice().buffer)));
}
