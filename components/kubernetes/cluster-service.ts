import { Provider, type ProviderArgs } from "@pulumi/kubernetes";
import { type ComponentResource, type Input, type Output, output, secret } from "@pulumi/pulumi";
import type { Expectation } from "../../mlflow/expectation.ts";
import { Cluster } from "../aws/cluster.ts";
import { hasRole, Identity } from "../aws/identity.ts";
import type { ClusterPlan } from "../aws/plan.ts";
import type { EksTarget } from "../target.ts";
import { Verification } from "./verification.ts";
import { Workload } from "./workload.ts";

/** What {@link serveOnCluster} is told. */
export interface ClusterServiceArgs {
  readonly target: EksTarget;
  /** Image by digest. */
  readonly image: Input<string>;
  readonly expectation: Input<Expectation>;
}

/**
 * Serves a model version by a workload on Kubernetes, and proves it there.
 *
 * @returns Base address of the service; undefined where it is left out.
 */
export function serveOnCluster(
  name: string,
  args: ClusterServiceArgs,
  parent: ComponentResource,
): Output<string | undefined> {
  const { target, image, expectation } = args;
  if (target.leftOut) return output(undefined);
  const { clusterPlan, provider: aws, kubeContext, identity, credentials, mlflowCredentials } = target;
  const cluster = clusterPlan && new Cluster(`${name}-cluster`, { plan: clusterPlan }, { parent, provider: aws });
  const provider = new Provider(
    `${name}-kubernetes`,
    {
      ...(kubeContext ? { context: kubeContext } : cluster && clusterPlan && ownEndpoint(cluster, clusterPlan)),
      // The configuration of a version that is rolled back to is still there, and so is what an interrupted run has made. Another's
      // namespace isn't taken over: assertOwnNamespace has looked before.
      upsertExistingObjects: true,
    },
    { parent, dependsOn: cluster ? [cluster] : [] },
  );
  const role =
    cluster && hasRole(identity)
      ? new Identity(`${name}-identity`, { settings: identity, cluster }, { parent, provider: aws })
      : undefined;
  const settings = { ...target.workload, monitoring: target.hasMonitoring };
  const workload = new Workload(
    `${name}-workload`,
    {
      settings,
      image,
      expectation,
      ...(role && identity.method === "irsa" && { roleArn: role.roleArn }),
      ...(credentials && { credentials: secret(credentials) }),
      ...(mlflowCredentials && { mlflowCredentials: secret(mlflowCredentials) }),
    },
    { parent, provider, dependsOn: role ? [role] : [] },
  );
  new Verification(`${name}-verification`, { settings, image, expectation, workload }, { parent, provider });
  return workload.endpoint;
}

/**
 * The way in through EKS's own endpoint. The identifier says which cluster that is: without one, a kubeconfig that a preview
 * can't know yet, or that reads differently, is taken for another cluster, whose objects are all made anew; and as creating
 * takes over what exists, deleting "the old ones" would delete the very objects that were just taken over.
 */
function ownEndpoint({ kubeconfig }: Cluster, { region, settings }: ClusterPlan): ProviderArgs {
  return { kubeconfig, clusterIdentifier: `eks/${region}/${settings.name}` };
}
