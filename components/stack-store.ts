import { credentialsFrom, openStore } from "../mlflow/open-store.ts";
import type { MlflowStore } from "../mlflow/store.ts";

/**
 * Opens the MLflow that a stack's config names, with the credentials of the environment that `up` runs in: those are never
 * part of config or state.
 */
export function openStackStore(mlflowTrackingUri: string): MlflowStore {
  return openStore(mlflowTrackingUri, credentialsFrom(process.env));
}
