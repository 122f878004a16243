import { InvalidFeatures } from "../features/feature-problem.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import { defaultQueueMs, Overloaded } from "../overloaded.ts";
import { joinPredictions, joinRows, slicePredictions, sliceRows } from "./slices.ts";

/** What {@link createBatcher} is told. */
export interface BatcherOptions {
  /** Rows of one run at most. */
  readonly runRows: number;
  /**
   * How long rows may wait for others to share their run, once others came along with the last. A model that is idle
   * runs at once. @default 0
   */
  readonly waitMs?: number | undefined;
  /** How long a request may wait for its first run beyond that. @default 1000 */
  readonly queueMs?: number | undefined;
  /** Told of each run: how many requests it answered in whole or in part, its rows, and how long it took. */
  readonly onRun?: ((requests: number, rows: number, milliseconds: number) => void) | undefined;
}

/** Answers requests in shared runs. */
export interface Batcher {
  /** Rows that no run has taken yet. */
  readonly queuedRows: number;
  /** @throws {@link Overloaded} where its turn doesn't come in time. */
  predict(rows: FeatureRows): Promise<Predictions>;
}

interface Job {
  readonly rows: FeatureRows;
  /** Of performance.now(). */
  readonly since: number;
  /** The first row that no run has taken yet. */
  next: number;
  /** Answers to the rows before, where the job takes several runs. */
  parts: Predictions[] | undefined;
  resolve(answer: Predictions): void;
  reject(error: unknown): void;
}

interface Slice {
  readonly job: Job;
  readonly rows: FeatureRows;
}

/**
 * Gathers the requests that wait into one run, and cuts a large one into several: where others wait it takes a quarter
 * of a run at most, and then the end of the queue. By default nothing waits for company: where requests come together,
 * the queue is flushed as soon as the event loop has read what has arrived; a request that comes alone goes at once.
 *
 * @param run - answers rows, in order.
 */
export function createBatcher(
  run: (rows: FeatureRows) => Promise<Predictions>,
  { runRows, waitMs = 0, queueMs = defaultQueueMs, onRun }: BatcherOptions,
): Batcher {
  let queue: Job[] = [];
  let queuedRows = 0;
  let running = false;
  let busy = false;
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    running = true;
    const slices = take();
    busy = slices.length > 1;
    try {
      await answer(slices);
    } catch (error) {
      if (slices.length > 1 && error instanceof InvalidFeatures) await answerAlone(slices);
      else for (const { job } of slices) fail(job, error);
    }
    running = false;
    if (queue.length > 0) schedule();
  }

  async function answer(slices: readonly Slice[]): Promise<void> {
    const rows = joinRows(slices.map((slice) => slice.rows));
    const start = performance.now();
    const predictions = await run(rows);
    onRun?.(slices.length, rows.count, performance.now() - start);
    deliver(slices, predictions);
  }

  /** A run that refuses values of one request answers none of those that share it: each then has a run of its own. */
  async function answerAlone(slices: readonly Slice[]): Promise<void> {
    for (const slice of slices)
      try {
        await answer([slice]);
      } catch (error) {
        fail(slice.job, error);
      }
  }

  function fail(job: Job, error: unknown): void {
    queuedRows -= job.rows.count - job.next;
    job.next = job.rows.count;
    queue = queue.filter((other) => other !== job);
    job.reject(error);
  }

  /** What the next run takes. A job that is left with rows goes to the end of the queue. */
  function take(): Slice[] {
    const now = performance.now();
    const slices: Slice[] = [];
    const unfinished: Job[] = [];
    const share = queue.length > 1 ? Math.ceil(runRows / 4) : runRows;
    let room = runRows;
    let taken = 0;
    for (; taken < queue.length && room > 0; taken++) {
      const job = queue[taken]!;
      const isLast = taken === queue.length - 1;
      if (job.next === 0 && !isLast && now - job.since > waitMs + queueMs) {
        queuedRows -= job.rows.count;
        job.reject(new Overloaded());
        continue;
      }
      const count = Math.min(room, share, job.rows.count - job.next);
      slices.push({ job, rows: sliceRows(job.rows, job.next, job.next + count) });
      job.next += count;
      room -= count;
      if (job.next < job.rows.count) unfinished.push(job);
    }
    queue = taken === queue.length ? unfinished : [...queue.slice(taken), ...unfinished];
    queuedRows -= runRows - room;
    return slices;
  }

  function schedule(): void {
    if (busy && waitMs > 0 && queuedRows < runRows) {
      timer ??= setTimeout(flush, waitMs);
      return;
    }
    running = true;
    // ONNX Runtime's run waits one turn of the event loop by itself: a request that is alone needn't wait for two.
    if (busy) setImmediate(flush);
    else queueMicrotask(flush);
  }

  return {
    get queuedRows() {
      return queuedRows;
    },
    predict: (rows) =>
      new Promise((resolve, reject) => {
        queue.push({ rows, since: performance.now(), next: 0, parts: undefined, resolve, reject });
        queuedRows += rows.count;
        if (!running) schedule();
      }),
  };
}

function deliver(slices: readonly Slice[], predictions: Predictions): void {
  let at = 0;
  for (const { job, rows } of slices) {
    const part = slicePredictions(predictions, at, at + rows.count);
    at += rows.count;
    if (rows.count < job.rows.count) {
      job.parts ??= [];
      job.parts.push(part);
      // Its last slice is the one that completes it: a job has one slice a run, in order.
      if (job.next === job.rows.count) job.resolve(joinPredictions(job.parts));
    } else job.resolve(part);
  }
}
