import type { IncomingHttpHeaders } from "node:http";
import type { FeatureServiceSpec } from "../../mlflow/model-folder.ts";
import type { FeatureClient } from "../entities/feature-client.ts";
import type { FeatureColumn } from "../features/feature-column.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import type { ReadOptions } from "../features/read-options.ts";
import type { ModelSchema } from "../model/model-schema.ts";
import type { ModelIdentity } from "../model/served-model.ts";

/**
 * A way of asking for predictions over HTTP: how a body becomes rows, and how predictions become an answer. Both depend
 * on nothing but what they are given, so that another thread can do it for large bodies.
 */
export interface Protocol {
  /**
   * @throws HttpProblem, InvalidFeatures or TooManyRows where it can't be read. A problem it finds is never lost: a
   *   promise is given only where something outside has to be asked.
   */
  read(request: PredictionRequest, context: PredictionContext): Asked | Promise<Asked>;
}

/** A request whose whole body is there. */
export interface PredictionRequest {
  readonly headers: IncomingHttpHeaders;
  /** What stands in the places of the path's parts in braces. */
  readonly parts: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The model that is asked, and how it is to be asked. */
export interface PredictionContext extends ReadOptions {
  readonly model: ModelIdentity & {
    readonly schema: ModelSchema;
    /** Absent where the model was trained from none. */
    readonly featureService?: FeatureServiceSpec;
  };
  /** The schema's columns, compiled. */
  readonly columns: readonly FeatureColumn[];
  /** Looks features up by entity; absent where there is no feature server. */
  readonly featureClient?: FeatureClient | undefined;
}

/** A request that was read. */
export interface Asked {
  readonly rows: FeatureRows;
  /**
   * @param predictions - of the rows, in order.
   * @param milliseconds - that they took, waiting for a shared run included.
   */
  answer(predictions: Predictions, milliseconds: number): Answer | Promise<Answer>;
  /** To be called where there won't be predictions. */
  discard?(): void;
}

/** A 200 answer. */
export interface Answer {
  /** `application/json`, or what else the protocol has. */
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}
