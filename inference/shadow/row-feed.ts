import type { Logger } from "pino";
import type { ModelSchema } from "../model/model-schema.ts";
import type { ServedModel } from "../model/served-model.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { type Fit, fitSchemas } from "./fit.ts";
import { RowBatch } from "./row-batch.ts";
import type { ShadowChild } from "./shadow-child.ts";
import type { ShadowMetrics } from "./shadow-metrics.ts";

/** What {@link RowFeed} is told. */
export interface RowFeedOptions {
  /** Share of the requests whose rows go to the shadow. */
  readonly sample: number;
  /** Whether the service has time to send rows on. */
  readonly idle: () => boolean;
  readonly metrics: ShadowMetrics;
  readonly logger: Logger;
}

/** Rows are sent in batches, so often at most. */
const sendMs = 100;
/** Numbers in a batch at most: a quarter of a MiB. */
const batchNumbers = 32_768;

/** Rows of one model that answers; without a fit where the shadow can't be compared with it. */
interface Source {
  readonly model: ServedModel;
  readonly fit: Fit | undefined;
  batch: RowBatch | undefined;
}

/** What of a prediction a shadow compares its own with. */
export type AnsweredRows = Pick<Prediction, "model" | "rows" | "predictions">;

/**
 * Hands answered rows on to the shadow, a batch at a time, while the service has time. Of the service it takes the copying
 * of rows into the next batch: what that has no room for is dropped, and counted.
 */
export class RowFeed {
  readonly #options: RowFeedOptions;
  #shadow: { readonly child: ShadowChild; readonly schema: ModelSchema } | undefined;
  #source: Source | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RowFeedOptions) {
    this.#options = options;
  }

  /** From now on rows go to this shadow. */
  open(child: ShadowChild, schema: ModelSchema): void {
    this.#shadow = { child, schema };
  }

  close(): void {
    this.#leave();
    this.#shadow = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** See PredictionObserver. */
  readonly observe = (prediction: AnsweredRows): void => {
    const { sample, metrics } = this.#options;
    if (!this.#shadow || (sample < 1 && Math.random() >= sample)) return;
    if (this.#source?.model !== prediction.model) this.#source = this.#sourceOf(prediction.model, this.#shadow.schema);
    const source = this.#source;
    if (!source.fit) return;
    source.batch ??= new RowBatch(prediction, batchNumbers);
    const { count } = prediction.rows;
    const taken = source.batch.add(prediction);
    if (taken < count) metrics.dropped(count - taken);
    this.#timer ??= setTimeout(this.#send, sendMs);
  };

  readonly #send = (): void => {
    this.#timer = undefined;
    const { fit, batch } = this.#source ?? {};
    const { child } = this.#shadow ?? {};
    if (!fit || !batch?.count || !child) return;
    if (child.comparing > 0 || !this.#options.idle()) {
      this.#timer = setTimeout(this.#send, sendMs);
      return;
    }
    child.compare({ kind: "compare", answered: batch.read(), fit });
    batch.clear();
  };

  #sourceOf(model: ServedModel, schema: ModelSchema): Source {
    this.#leave();
    const fit = fitSchemas(model.schema, schema);
    if (typeof fit !== "string") return { model, fit, batch: undefined };
    this.#options.logger.error(
      { reason: fit, version: model.version },
      "the shadow is asked nothing, as it can't be compared",
    );
    return { model, fit: undefined, batch: undefined };
  }

  /** Rows of one model aren't to be mixed with another's. */
  #leave(): void {
    this.#options.metrics.dropped(this.#source?.batch?.count ?? 0);
    this.#source = undefined;
  }
}
