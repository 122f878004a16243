import { credentialsFrom, openStore } from "../mlflow/open-store.ts";
import type { MlflowStore } from "../mlflow/store.ts";
import type { ClusterAccess } from "./kubernetes/access/cluster-access.ts";
import { isClusterInternal } from "./kubernetes/access/service-address.ts";

/** Where a stack's MLflow is. */
export interface StackStore {
  /** MLflow server, or file store folder relative to the project. */
  readonly mlflowTrackingUri: string;
  /** The way into the cluster, for a server that only the cluster knows. */
  readonly access?: ClusterAccess | undefined;
}

/**
 * Opens the MLflow that a stack's config names for as long as `use` runs, through a port-forward where it is a Service of the
 * cluster, with the credentials of the environment that `up` runs in: those are never part of config or state.
 */
export async function withStackStore<T>(
  { mlflowTrackingUri, access }: StackStore,
  use: (store: MlflowStore) => Promise<T>,
): Promise<T> {
  const credentials = credentialsFrom(process.env);
  if (access === undefined || !isClusterInternal(mlflowTrackingUri))
    return use(openStore(mlflowTrackingUri, credentials));
  // Only here, as the client of Kubernetes takes longer to load than a stack without a cluster takes to plan.
  const { withPortForward } = await import("./kubernetes/access/port-forward.ts");
  return withPortForward(access, mlflowTrackingUri, (through) =>
    use(openStore(mlflowTrackingUri, { ...credentials, through })),
  );
}
