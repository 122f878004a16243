import type { IncomingHttpHeaders } from "node:http";
import type { Lookup } from "../entities/feature-client.ts";
import type { FeatureServerSettings } from "../entities/settings.ts";
import type { FeatureProblem } from "../features/feature-problem.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import type { Answer, PredictionContext } from "./protocol.ts";

/** A context as plain data: the thread compiles columns itself, and has a feature client of its own. */
export type PlainContext = Omit<PredictionContext, "columns" | "featureClient">;

/** What the codec thread is told. A request's two messages carry its id. */
export type CodecRequest =
  | { readonly kind: "model"; readonly model: number; readonly context: PlainContext }
  | {
      readonly kind: "read";
      readonly id: number;
      /** The one that was told last under this number. */
      readonly model: number;
      /** Of the endpoint, which decides on the protocol. */
      readonly path: string;
      readonly headers: IncomingHttpHeaders;
      readonly parts: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly predictions: Predictions;
      readonly milliseconds: number;
    }
  | { readonly kind: "discard"; readonly id: number };

/** What the codec thread tells. */
export type CodecResult =
  | { readonly kind: "rows"; readonly id: number; readonly rows: FeatureRows }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly kind: "problem"; readonly id: number; readonly problem: PlainProblem }
  | { readonly kind: "failure"; readonly id: number; readonly error: unknown };

/** What the codec thread tells of a lookup by entity, beside its result. */
export interface CodecLookup {
  readonly kind: "lookup";
  readonly lookup: Lookup;
}

/** What the codec thread is started with. */
export interface CodecWorkerData {
  readonly featureServer?: FeatureServerSettings | undefined;
}

/** An HttpProblem as plain data. */
export interface PlainProblem {
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly FeatureProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** For the log, where it isn't the client's doing. */
  readonly cause?: unknown;
}
