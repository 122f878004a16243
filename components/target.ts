import type { ClusterPlan } from "./aws/plan.ts";
import type { EksServing } from "./config/eks.ts";
import type { LocalServing, PipelineConfig } from "./config.ts";
import type { ClusterAccess } from "./kubernetes/access/cluster-access.ts";
import { assertServable } from "./local/preflight.ts";

/** Where a stack serves, as the program found it before it registers any resource. */
export type Target = LocalTarget | EksTarget;

/** This machine, which needs nothing of what a cluster does. */
export interface LocalTarget extends LocalServing {
  readonly access?: undefined;
  readonly provider?: undefined;
  readonly image?: undefined;
}

/** A cluster, the way into it, and what it can do. */
export interface EksTarget extends EksServing {
  readonly provider: import("@pulumi/aws").Provider;
  /** Absent where neither workload nor identity needs anything of EKS: the kubeconfig at hand leads to the cluster. */
  readonly clusterPlan?: ClusterPlan;
  /** Absent where the cluster is yet to be created. */
  readonly access?: ClusterAccess;
  readonly hasMonitoring: boolean;
  /**
   * This run skips the deployment, and the stack has none yet. What the engine leaves out has no place in the state, yet it
   * makes a provider below it all the same, and then refuses its own state: so nothing is registered below it.
   */
  readonly leftOut: boolean;
  /** Serves a model there. Part of the target, so that another one doesn't wait for the SDK of Kubernetes to load. */
  readonly serve: typeof import("./kubernetes/cluster-service.ts").serveOnCluster;
}

/**
 * Finds out what a stack is to be deployed to.
 *
 * @throws RunError where that isn't possible: a taken port, the wrong account, a cluster that isn't there, somebody else's namespace.
 */
export async function prepareTarget({ serving, skips }: PipelineConfig): Promise<Target> {
  if (serving.target === "local") {
    if (!skips.deploy) await assertServable(serving);
    return serving;
  }
  // Only here: a stack that serves on this machine doesn't wait for the clients of AWS and Kubernetes to load.
  const { prepareCluster } = await import("./kubernetes/prepare-cluster.ts");
  return prepareCluster(serving, skips);
}
