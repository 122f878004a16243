import { closeSync, createWriteStream, openSync, type WriteStream } from "node:fs";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { harmless } from "../metrics/harmless.ts";
import { registerScraped } from "../metrics/scraped-metric.ts";
import type { PredictionObserver } from "../prediction/predictor.ts";
import { rarely } from "../rarely.ts";
import { payloadLine } from "./payload-line.ts";
import type { PayloadLogSettings } from "./settings.ts";

/** Bytes that may wait for the disk; lines beyond are dropped and counted. */
const bytesKept = 8 * 2 ** 20;
/** When a file that failed is tried again. */
const retryMs = 1000;
/** How long the end waits for the disk. */
const closeMs = 1000;

/** A file of what was asked and predicted. */
export interface PayloadLog {
  readonly observe: PredictionObserver;
  /** Opens the file anew, once it was moved. */
  reopen(): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

/**
 * Appends a line a sampled request. The disk is never waited for: what it doesn't take is dropped, and counted in
 * `ml_payload_log_dropped_total` beside `ml_payload_log_lines_total`.
 *
 * @param random - from 0 up to 1.
 * @throws Error naming PAYLOAD_LOG_FILE where it can't be written.
 */
export function openPayloadLog(
  { file, sample }: PayloadLogSettings,
  logger: Logger,
  metrics?: Registry,
  random: () => number = Math.random,
): PayloadLog {
  requireFile(file);
  const warn = rarely((err: Error) => logger.warn({ err }, "the payload log can't be written: lines are dropped"));
  let failedAt = Number.NEGATIVE_INFINITY;
  let written = 0;
  let dropped = 0;
  const open = () => {
    const made = createWriteStream(file, { flags: "a" });
    made.on("error", (error) => {
      warn(error);
      failedAt = performance.now();
      if (stream === made) stream = undefined;
    });
    return made;
  };
  let stream: WriteStream | undefined = open();
  const count = (error: unknown) => {
    if (error) dropped += 1;
    else written += 1;
  };
  if (metrics) {
    const counter = (name: string, help: string, read: () => number) =>
      registerScraped(metrics, { name, help, type: "counter" }, () => [{ labels: {}, value: read() }]);
    counter("ml_payload_log_lines_total", "Lines of the payload log.", () => written);
    counter("ml_payload_log_dropped_total", "Lines that the payload log's disk didn't take.", () => dropped);
  }
  return {
    observe: harmless<Parameters<PredictionObserver>>((prediction, exchange) => {
      if (random() >= sample) return;
      if (!stream && performance.now() - failedAt > retryMs) stream = open();
      if (!stream || stream.writableLength > bytesKept) dropped += 1;
      else stream.write(payloadLine(prediction, exchange, new Date()), count);
    }, logger),
    reopen() {
      stream?.end();
      stream = open();
    },
    async close() {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeMs);
        if (stream) stream.end(() => resolve());
        else resolve();
      });
      clearTimeout(timer);
    },
  };
}

/** @throws Error where it can't be appended to. */
function requireFile(file: string): void {
  try {
    closeSync(openSync(file, "a"));
  } catch (cause) {
    throw new Error(`PAYLOAD_LOG_FILE: expected a file that can be appended to: ${(cause as Error).message}`, {
      cause,
    });
  }
}
