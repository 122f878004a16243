import type { Logger } from "pino";
import { resolveVersion } from "../../mlflow/resolve-version.ts";
import type { VersionReader } from "../../mlflow/store.ts";
import { isTemporary } from "../../mlflow/temporary.ts";
import { backOff } from "../back-off.ts";
import type { ServedModel } from "../model/served-model.ts";
import type { Serving } from "../serving.ts";

/** What {@link Reloader} is told. */
export interface ReloaderOptions {
  /** Serves a model already; `wanted` is what is looked up. */
  readonly serving: Serving;
  readonly store: VersionReader;
  /** Loads and proves a version, by its number. */
  readonly load: (version: string) => Promise<ServedModel>;
  readonly logger: Logger;
  /** Told of each look-up that didn't find the version that serves. */
  readonly onOutcome?: ((outcome: ReloadOutcome) => void) | undefined;
  /** A version that was refused is tried again after this; it doubles each time. @default 60000 */
  readonly refusedMs?: number;
}

/** `unreachable`: MLflow didn't answer; `refused`: there is no such version, or it can't be proven or served. */
export type ReloadOutcome = "switched" | "refused" | "unreachable";

/** What became of one look-up. */
export type ReloadResult = ReloadOutcome | "unchanged";

const longestRefusedMs = 3_600_000;

/**
 * Replaces the model that is served when `latest` or an alias has moved, forward or back. Whatever fails, the model that
 * serves goes on serving.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  /** The version that was refused last, and until when it isn't tried again. */
  #refused: { readonly version: string; readonly times: number; readonly until: number } | undefined;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** Looks the version up, once, and where it is another one switches to it. It never rejects. */
  async check(): Promise<ReloadResult> {
    const { onOutcome } = this.#options;
    let version: string | undefined;
    try {
      version = await this.#moved();
      if (version === undefined) return "unchanged";
      const switched = await this.#switchTo(version);
      if (switched) onOutcome?.("switched");
      return switched ? "switched" : "unchanged";
    } catch (error) {
      const outcome = isTemporary(error) ? "unreachable" : "refused";
      onOutcome?.(outcome);
      this.#tell(error as Error, outcome, version);
      return outcome;
    }
  }

  /** @returns undefined where the version serves already, or was refused not long ago. */
  async #moved(): Promise<string | undefined> {
    const { serving, store } = this.#options;
    const { name, version: wanted } = serving.wanted;
    const { version } = await resolveVersion(store, name, wanted as "latest");
    if (version !== this.#refused?.version) this.#refused = undefined;
    const held = this.#refused !== undefined && performance.now() < this.#refused.until;
    return held || version === serving.model?.version ? undefined : version;
  }

  /** @returns false where the service began to drain meanwhile. */
  async #switchTo(version: string): Promise<boolean> {
    const { serving, load, logger } = this.#options;
    const model = await load(version);
    if (serving.draining) {
      await model.release();
      return false;
    }
    const old = serving.model;
    serving.serve(model);
    this.#refused = undefined;
    logger.info(
      { name: model.name, from: old?.version, to: version, sha256: model.sha256, proof: model.proof },
      "reloaded",
    );
    await old?.inFlight.none();
    await old?.release().catch((err) => logger.error({ err }, "the memory of the model that was replaced isn't freed"));
    return true;
  }

  #tell({ message }: Error, outcome: ReloadOutcome, version: string | undefined): void {
    const { logger, serving, refusedMs = 60_000 } = this.#options;
    const goesOn = `version ${serving.model?.version} goes on serving`;
    if (outcome === "unreachable") {
      logger.warn({ reason: message }, `MLflow can't be asked for another version: ${goesOn}`);
      return;
    }
    logger.error({ reason: message, version }, `the model isn't replaced: ${goesOn}`);
    if (version === undefined) return;
    const times = (this.#refused?.times ?? 0) + 1;
    this.#refused = { version, times, until: performance.now() + backOff(times, refusedMs, longestRefusedMs) };
  }
}
