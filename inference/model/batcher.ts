import type { FeatureRows, Predictions } from "../features/feature-rows.ts";

interface Job {
  readonly rows: FeatureRows;
  /** The first row that no run has taken yet. */
  next: number;
  answer?: Predictions;
  resolve(answer: Predictions): void;
  reject(error: unknown): void;
}

interface Slice {
  readonly job: Job;
  readonly from: number;
  readonly count: number;
}

/**
 * Gathers the requests that wait into one run, and cuts a large one into several, so that it delays the others by one
 * run at most. Nothing waits for company: the queue is flushed as soon as the event loop has read what has arrived.
 *
 * @param run - answers rows, in order.
 * @param features - values a row.
 * @param runRows - rows of one run at most.
 */
export function createBatcher(
  run: (rows: FeatureRows) => Promise<Predictions>,
  features: number,
  runRows: number,
): (rows: FeatureRows) => Promise<Predictions> {
  let queue: Job[] = [];
  let running = false;

  async function flush(): Promise<void> {
    const slices = take();
    try {
      deliver(slices, await run(gather(slices, features)));
    } catch (error) {
      const failed = new Set(slices.map(({ job }) => job));
      queue = queue.filter((job) => !failed.has(job));
      for (const job of failed) job.reject(error);
    }
    running = queue.length > 0;
    if (running) setImmediate(flush);
  }

  /** What the next run takes. A job that is left with rows goes to the end of the queue. */
  function take(): Slice[] {
    const slices: Slice[] = [];
    const unfinished: Job[] = [];
    let room = runRows;
    let taken = 0;
    for (; taken < queue.length && room > 0; taken++) {
      const job = queue[taken]!;
      const count = Math.min(room, job.rows.count - job.next);
      slices.push({ job, from: job.next, count });
      job.next += count;
      room -= count;
      if (job.next < job.rows.count) unfinished.push(job);
    }
    queue = [...queue.slice(taken), ...unfinished];
    return slices;
  }

  return (rows) =>
    new Promise((resolve, reject) => {
      queue.push({ rows, next: 0, resolve, reject });
      if (!running) setImmediate(flush);
      running = true;
    });
}

function gather(slices: readonly Slice[], features: number): FeatureRows {
  const [{ job, from, count }] = slices as [Slice];
  if (slices.length === 1)
    return { count, values: job.rows.values.subarray(from * features, (from + count) * features) };
  const total = slices.reduce((sum, slice) => sum + slice.count, 0);
  const values = new Float64Array(total * features);
  let at = 0;
  for (const slice of slices) {
    const { values: source } = slice.job.rows;
    values.set(source.subarray(slice.from * features, (slice.from + slice.count) * features), at);
    at += slice.count * features;
  }
  return { count: total, values };
}

function deliver(slices: readonly Slice[], { labels, probabilities, classes }: Predictions): void {
  let at = 0;
  for (const { job, from, count } of slices) {
    const part = {
      labels: labels.subarray(at, at + count),
      probabilities: probabilities.subarray(at * classes, (at + count) * classes),
      classes,
    };
    at += count;
    if (count === job.rows.count) {
      job.resolve(part);
      continue;
    }
    job.answer ??= {
      labels: new Float64Array(job.rows.count),
      probabilities: new Float64Array(job.rows.count * classes),
      classes,
    };
    job.answer.labels.set(part.labels, from);
    job.answer.probabilities.set(part.probabilities, from * classes);
    if (from + count === job.rows.count) job.resolve(job.answer);
  }
}
