import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import type { BatcherOptions } from "../model/batcher.ts";
import { harmless } from "./harmless.ts";
import { HistogramCounts } from "./histogram-counts.ts";
import { registerScraped } from "./scraped-metric.ts";

const requestBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const rowBounds = [1, 4, 16, 64, 256, 1024, 4096, 16_384];
/** Seconds; from what a single row takes to what no run should. */
const secondBounds = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/**
 * Counts the model's runs: `ml_batch_requests` and `ml_batch_rows`, what they answered at once, and
 * `ml_inference_duration_seconds`; `ml_queued_rows` is what waits for one.
 *
 * @param queuedRows - of the model that is served.
 */
export function countRuns(
  registry: Registry,
  queuedRows: () => number,
  logger: Logger,
): NonNullable<BatcherOptions["onRun"]> {
  const histogram = (name: string, help: string, bounds: readonly number[]) => {
    const counts = new HistogramCounts(bounds);
    registerScraped(registry, { name, help, type: "histogram" }, () => counts.samples(name));
    return counts;
  };
  const requestsOfRuns = histogram(
    "ml_batch_requests",
    "Requests that one run of the model answered, in whole or in part.",
    requestBounds,
  );
  const rowsOfRuns = histogram("ml_batch_rows", "Rows of one run of the model.", rowBounds);
  const seconds = histogram("ml_inference_duration_seconds", "How long one run of the model took.", secondBounds);
  const queue: Gauge = new Gauge({
    name: "ml_queued_rows",
    help: "Rows that wait for a run of the model.",
    registers: [registry],
    collect: () => queue.set(queuedRows()),
  });
  return harmless((requests, rows, milliseconds) => {
    requestsOfRuns.add(requests);
    rowsOfRuns.add(rows);
    seconds.add(milliseconds / 1000);
  }, logger);
}
