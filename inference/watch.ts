import type { Logger } from "pino";
import type { AppOptions } from "./app.ts";
import { serveMetrics } from "./metrics/metrics-server.ts";
import { observeModel } from "./metrics/observe-model.ts";
import type { BatcherOptions } from "./model/batcher.ts";
import type { ServedModel } from "./model/served-model.ts";
import { openPayloadLog } from "./payload-log/payload-log.ts";
import type { Settings } from "./settings.ts";

/** All that watches an instance. */
export interface Watch extends Required<Pick<AppOptions, "metrics" | "tracing" | "observers">> {
  readonly onRun: NonNullable<BatcherOptions["onRun"]>;
  /** From now on this model is served. */
  serves(model: ServedModel): void;
  /** Lets go of what isn't written or sent yet. The metrics are told on. */
  close(): Promise<void>;
}

/**
 * Starts what the settings ask for: metrics, traces, payload log.
 *
 * @throws Error naming the setting where the metrics' port or the payload log's file isn't to be had.
 */
export async function startWatch(settings: Settings, logger: Logger): Promise<Watch> {
  // It listens until the process ends: what happens while draining is to be seen too.
  const metrics = settings.metricsPort
    ? (await serveMetrics(settings.host, settings.metricsPort, logger)).registry
    : undefined;
  const model = metrics && observeModel(metrics, logger);
  const payloadLog = settings.payloadLog && openPayloadLog(settings.payloadLog, logger, metrics);
  if (payloadLog) process.on("SIGHUP", payloadLog.reopen);
  const tracing = settings.tracing && (await import("./tracing/open-tracing.ts")).openTracing(settings.tracing, logger);
  return {
    metrics,
    tracing,
    observers: [model?.observe, tracing?.observePrediction, payloadLog?.observe].filter(
      (observe) => observe !== undefined,
    ),
    onRun(...run) {
      model?.onRun(...run);
      tracing?.onRun(...run);
    },
    serves: (served) => model?.serves(served),
    async close() {
      await Promise.all([tracing?.close(), payloadLog?.close()]);
    },
  };
}
