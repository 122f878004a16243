import type { Credentials } from "../../mlflow/rest/credentials.ts";
import type { ModelSchema } from "../model/model-schema.ts";
import type { ModelIdentity } from "../model/served-model.ts";
import type { Comparison } from "./compare.ts";
import type { Fit } from "./fit.ts";
import type { AnsweredRows } from "./row-batch.ts";

/** Which model a shadow process is to load. */
export interface ShadowModel {
  readonly trackingUri: string;
  readonly credentials: Credentials;
  readonly name: string;
  /** `latest`, a number or `@alias`. */
  readonly version: string;
  readonly runRows: number;
}

/** What the service sends to its shadow process: first the model, then, one after the other, rows. */
export type ShadowRequest =
  | { readonly kind: "load"; readonly model: ShadowModel }
  | { readonly kind: "compare"; readonly answered: AnsweredRows; readonly fit: Fit };

/** What a shadow process answers; after `failed`, which is about loading, it ends. */
export type ShadowReply =
  | { readonly kind: "ready"; readonly model: ModelIdentity; readonly schema: ModelSchema }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "compared"; readonly comparison: Comparison }
  | { readonly kind: "not compared"; readonly rows: number; readonly message: string };
