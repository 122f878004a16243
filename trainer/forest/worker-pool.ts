import { Worker } from "node:worker_threads";
import type { GrownTree, WorkerOrder } from "./forest-worker.ts";
import type { ForestTask } from "./grow-tree.ts";
import type { Tree } from "./tree.ts";

/** Worker threads that grow the trees of one forest. Made early, they load while the rows are being prepared. */
export class WorkerPool {
  readonly #workers: readonly Worker[];
  readonly #failure: Promise<never>;

  constructor(size: number) {
    const file = new URL("./forest-worker.ts", import.meta.url);
    // Flags of this process (loaders, inspectors) are none of the workers' business, and threads refuse some of them.
    this.#workers = Array.from({ length: size }, () => new Worker(file, { execArgv: [] }));
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {}); // whoever waits for trees hears of it
    this.#failure = promise;
    for (const worker of this.#workers) {
      worker.once("error", (cause) => reject(new Error("a worker thread of the forest failed", { cause })));
      worker.once("exit", (code) => {
        if (code !== 0) reject(new Error(`a worker thread of the forest ended early, with exit code ${code}`));
      });
    }
  }

  /** Grows the trees 0 to `trees - 1`, each by the worker that is free. */
  async grow(task: ForestTask, trees: number, onTree: (done: number) => void): Promise<Tree[]> {
    const next = new Int32Array(new SharedArrayBuffer(4));
    const grown = new Array<Tree>(trees);
    let done = 0;
    const { promise, resolve, reject } = Promise.withResolvers<Tree[]>();
    for (const worker of this.#workers) {
      worker.on("message", ({ index, tree }: GrownTree) => {
        grown[index] = tree;
        done++;
        try {
          onTree(done);
        } catch (error) {
          reject(error);
        }
        if (done === trees) resolve(grown);
      });
      worker.postMessage({ task, trees, next } satisfies WorkerOrder);
    }
    return Promise.race([promise, this.#failure]);
  }

  /** Ends the workers, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
