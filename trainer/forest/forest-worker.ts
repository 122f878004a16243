import { parentPort } from "node:worker_threads";
import { type ForestTask, treeGrower } from "./grow-tree.ts";
import type { Tree } from "./tree.ts";

/** What a worker is sent once. */
export interface WorkerOrder {
  readonly task: ForestTask;
  readonly trees: number;
  /** One entry in shared memory: the next tree that nobody has taken. */
  readonly next: Int32Array;
}

/** What a worker answers for each tree. */
export interface GrownTree {
  readonly index: number;
  readonly tree: Tree;
}

const port = parentPort!;

port.once("message", async ({ task, trees, next }: WorkerOrder) => {
  const grow = await treeGrower(task);
  for (let index = Atomics.add(next, 0, 1); index < trees; index = Atomics.add(next, 0, 1)) {
    const tree = grow(index);
    const grown: GrownTree = { index, tree };
    port.postMessage(
      grown,
      Object.values(tree).map((values) => values.buffer),
    );
  }
});
