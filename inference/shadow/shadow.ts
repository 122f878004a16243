import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { backOff } from "../back-off.ts";
import { harmless } from "../metrics/harmless.ts";
import { idleMeter } from "./idle-meter.ts";
import type { ShadowModel, ShadowReply } from "./messages.ts";
import { type AnsweredRows, RowFeed } from "./row-feed.ts";
import { ShadowChild } from "./shadow-child.ts";
import { ShadowMetrics } from "./shadow-metrics.ts";

/** What {@link Shadow} is told. */
export interface ShadowOptions {
  readonly model: ShadowModel;
  /** Share of the requests that it is asked. @default 1 */
  readonly sample?: number;
  readonly metrics: Registry;
  readonly logger: Logger;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Whether the service has time to send rows on. @default see {@link idleMeter} */
  readonly idle?: () => boolean;
  /** Wait before it is started anew, at most; it doubles with each failure. @default 1000 */
  readonly restartMs?: number;
  /** A comparison that takes longer ends its process. @default 120000 */
  readonly replyMs?: number;
}

const longestRestartMs = 300_000;
/** A process that ran for so long before it ended is no sign that the next one will end too. */
const stableMs = 60_000;

/**
 * A second model, which is asked what was answered already; metrics tell how the two differ. It runs in a process of its own,
 * at the lowest priority, and is started anew when it ends: nothing that it does reaches an answer.
 */
export class Shadow {
  readonly observe: (prediction: AnsweredRows) => void;
  readonly #options: ShadowOptions;
  readonly #metrics: ShadowMetrics;
  readonly #feed: RowFeed;
  #child: ShadowChild | undefined;
  #failures = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: ShadowOptions) {
    const { sample = 1, logger, idle = idleMeter() } = options;
    this.#options = options;
    this.#metrics = new ShadowMetrics(options.metrics);
    this.#feed = new RowFeed({ sample, idle, logger, metrics: this.#metrics });
    this.observe = harmless(this.#feed.observe, logger);
    options.signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  /** To be called once the model that answers is there, which comes first. */
  start(): void {
    const { model, signal, replyMs = 120_000 } = this.#options;
    if (signal.aborted) return;
    const started = performance.now();
    let failure: string | undefined;
    const child = new ShadowChild(model, replyMs, {
      replied: (reply) => {
        if (reply.kind === "failed") failure = reply.message;
        else this.#take(reply, child);
      },
      ended: (how) => {
        if (performance.now() - started > stableMs) this.#failures = 0;
        this.#feed.close();
        this.#metrics.dropped(child.comparing);
        this.#startLater(failure === undefined ? "process" : "load", failure ?? how);
      },
    });
    this.#child = child;
  }

  #take(reply: Exclude<ShadowReply, { kind: "failed" }>, child: ShadowChild): void {
    const { logger } = this.#options;
    if (reply.kind === "compared") {
      const { rows, disagreements } = reply.comparison;
      this.#metrics.compared(reply.comparison);
      logger.debug({ rows, disagreements }, "the shadow has compared rows");
    } else if (reply.kind === "ready") {
      this.#metrics.serves(reply.model);
      this.#feed.open(child, reply.schema);
      logger.info({ ...reply.model, shadowPid: child.pid }, "the shadow is ready");
    } else {
      const { rows, message: reason } = reply;
      this.#metrics.failed("compare");
      this.#metrics.dropped(rows);
      logger.error({ reason, rows }, "the shadow can't answer rows");
    }
  }

  #startLater(stage: "process" | "load", reason: string): void {
    const { logger, restartMs = 1000 } = this.#options;
    this.#metrics.failed(stage);
    const waitMs = Math.round(backOff(++this.#failures, restartMs, longestRestartMs));
    const what = stage === "load" ? "the shadow can't be loaded" : "the shadow ended by itself";
    logger.error({ reason, waitMs }, `${what}, trying again`);
    this.#restart = setTimeout(() => this.start(), waitMs);
  }

  #stop(): void {
    this.#feed.close();
    this.#child?.kill();
    clearTimeout(this.#restart);
  }
}
