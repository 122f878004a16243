import type { FeatureBaseline, FeatureServiceSpec } from "../../mlflow/model-folder.ts";
import type { FeatureColumn } from "../features/feature-column.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import type { InFlight } from "./in-flight.ts";
import type { ModelSchema } from "./model-schema.ts";

/** What an instance says about its model. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  /** Empty where the version was registered without a run. */
  readonly runId: string;
  /** Such as `RandomForestClassifier`. */
  readonly modelType: string;
  /** SHA-256 of the ONNX file's bytes, hex. */
  readonly sha256: string;
}

/** What an instance's readiness rests on. */
export interface ModelProof {
  /** Whose digest the model's bytes were compared with. */
  readonly digest: "expectation" | "version tag" | "none";
  /** Whose golden sample came back equal. */
  readonly golden: "expectation" | "model folder" | "none";
}

/** A model that is loaded and proven. */
export interface ServedModel extends ModelIdentity {
  readonly schema: ModelSchema;
  /** The schema's columns, compiled for reading requests. */
  readonly columns: readonly FeatureColumn[];
  readonly loadedAt: Date;
  readonly proof: ModelProof;
  /** Of the training rows; absent where the model folder has none. */
  readonly baseline?: readonly FeatureBaseline[];
  /** That it was trained from; absent where the model folder has none. */
  readonly featureService?: FeatureServiceSpec;
  /** Concurrent calls share runs. */
  predict(rows: FeatureRows): Promise<Predictions>;
  /** Rows that wait for a run. */
  readonly queuedRows: number;
  /** The requests that it is still to answer. */
  readonly inFlight: InFlight;
  /** Frees the model's memory; it answers no more. */
  release(): Promise<void>;
}
