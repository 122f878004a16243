import { setTimeout as delay } from "node:timers/promises";
import { Counter, type Registry } from "prom-client";
import { Reloader, type ReloaderOptions, type ReloadOutcome } from "./reload.ts";

/** What {@link keepReloading} is told. */
export interface KeepReloadingOptions extends Omit<ReloaderOptions, "onOutcome"> {
  /** Milliseconds between two look-ups, give or take a tenth, so that instances don't ask together. */
  readonly everyMs: number;
  /** Where outcomes are counted: `ml_model_reloads_total{outcome}`. */
  readonly metrics?: Registry | undefined;
}

/** While look-ups fail they become less and less frequent, up to so many times less. */
const longestPause = 16;

/** Looks for another version again and again, one look-up after the other, until the service drains. */
export async function keepReloading({ everyMs, metrics, ...options }: KeepReloadingOptions): Promise<void> {
  const reloader = new Reloader({ ...options, onOutcome: metrics && countOutcomes(metrics) });
  const { drainSignal: signal } = options.serving;
  let pause = 1;
  while (await waited(everyMs * pause * (0.9 + Math.random() / 5), signal)) {
    const result = await reloader.check();
    pause = result === "unreachable" || result === "refused" ? Math.min(pause * 2, longestPause) : 1;
  }
}

function countOutcomes(metrics: Registry): (outcome: ReloadOutcome) => void {
  const total = new Counter({
    name: "ml_model_reloads_total",
    help: "Look-ups that found another version, or failed: switched, refused (not to be had, proven or served), unreachable (MLflow).",
    labelNames: ["outcome"],
    registers: [metrics],
  });
  const outcomes: readonly ReloadOutcome[] = ["switched", "refused", "unreachable"];
  // An alert on a rate needs the series before the first event.
  for (const outcome of outcomes) total.inc({ outcome }, 0);
  return (outcome) => total.inc({ outcome });
}

/** @returns false where the signal came first. */
function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return delay(milliseconds, true, { signal, ref: false }).catch(() => false);
}
