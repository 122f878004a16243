import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { LookupObserver } from "../entities/feature-client.ts";
import { HttpProblem } from "../http/http-problem.ts";
import type { CodecLookup, CodecRequest, CodecResult, CodecWorkerData } from "./codec-messages.ts";

/** A thread that reads and answers large bodies, so that the event loop has time for the small ones. */
export interface CodecThread {
  /** Sends a request and gives its result. @throws {@link CodecThreadEnded} HttpProblem, or what failed in the thread. */
  ask(request: CodecRequest & { readonly id: number }): Promise<CodecResult>;
  /** Sends what has no result. */
  tell(request: CodecRequest): void;
  /** Whether it can't be asked any more. */
  readonly ended: boolean;
}

/** Options of {@link startCodecThread}. */
export interface CodecThreadOptions extends CodecWorkerData {
  /** Told of the thread's lookups by entity. */
  readonly onLookup?: LookupObserver | undefined;
  /** Module that the thread runs. @default codec-worker.ts */
  readonly entry?: string;
  /** What that module is started with, beside what this one is. */
  readonly workerData?: object;
}

/** The thread ended before it had a result. */
export class CodecThreadEnded extends Error {
  /** Whether it was this request that took more memory than the thread may have. */
  readonly outOfMemory: boolean;

  constructor(outOfMemory: boolean, options?: ErrorOptions) {
    super("the codec thread ended", options);
    this.outOfMemory = outOfMemory;
  }
}

/** The heap that a thread may take for bodies up to a limit: JSON as values is some eight times as large as the text, and as much is garbage. */
export function codecMemoryMiB(bodyLimit: number): number {
  return 32 + Math.ceil((16 * bodyLimit) / 2 ** 20);
}

interface Waiting {
  resolve(result: CodecResult): void;
  reject(error: unknown): void;
}

/**
 * Starts the thread. It keeps no process alive.
 *
 * @param memoryMiB - of its heap at most; a body that takes more ends the thread, not the process.
 */
export function startCodecThread(memoryMiB: number, options: CodecThreadOptions = {}): CodecThread {
  const { entry = join(import.meta.dirname, "codec-worker.ts"), featureServer, onLookup } = options;
  const workerData: CodecWorkerData = { ...options.workerData, featureServer };
  const worker = new Worker(entry, { workerData, resourceLimits: { maxOldGenerationSizeMb: memoryMiB } });
  /** In the order in which the thread takes them. */
  const waiting = new Map<number, Waiting>();
  let ended = false;
  let cause: Error | undefined;

  worker.on("message", (result: CodecResult | CodecLookup) => {
    if (result.kind === "lookup") return onLookup?.(result.lookup);
    const { resolve, reject } = waiting.get(result.id)!;
    waiting.delete(result.id);
    if (result.kind === "problem") {
      const { status, detail, ...options } = result.problem;
      reject(new HttpProblem(status, detail, options));
    } else if (result.kind === "failure") reject(result.error);
    else resolve(result);
  });
  worker.once("error", (error) => {
    cause = error;
  });
  worker.once("exit", () => {
    ended = true;
    let outOfMemory = (cause as NodeJS.ErrnoException | undefined)?.code === "ERR_WORKER_OUT_OF_MEMORY";
    for (const { reject } of waiting.values()) {
      reject(new CodecThreadEnded(outOfMemory, { cause }));
      outOfMemory = false;
    }
    waiting.clear();
  });
  // Listeners refer to it again, so this comes after them.
  worker.unref();

  return {
    get ended() {
      return ended;
    },
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new CodecThreadEnded(false, { cause }));
        waiting.set(request.id, { resolve, reject });
        worker.postMessage(request);
      }),
    tell: (request) => worker.postMessage(request),
  };
}
