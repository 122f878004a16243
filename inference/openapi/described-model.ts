import type { FeatureBaseline } from "../../mlflow/model-folder.ts";
import type { ReadOptions } from "../features/read-options.ts";
import type { ModelSchema } from "../model/model-schema.ts";
import type { ModelIdentity, ServedModel } from "../model/served-model.ts";

/** What a document about a model is made from. */
export interface DescribedModel extends ModelIdentity {
  readonly schema: ModelSchema;
  /** Of the training rows: examples are taken from it. */
  readonly baseline?: readonly FeatureBaseline[];
  /** That it was trained from. */
  readonly featureService?: ServedModel["featureService"];
}

/** What requests are held against, beside the model. */
export interface Limits extends ReadOptions {
  /** Bytes of a body at most. */
  readonly bodyLimit: number;
  /** Whether a bearer token is asked for. */
  readonly tokens?: boolean;
}
