import { log, RunError } from "@pulumi/pulumi";
import { hasRole } from "../aws/identity.ts";
import { planCluster } from "../aws/plan.ts";
import { assertAccount, awsProvider, callerProvider } from "../aws/provider.ts";
import type { EksServing } from "../config/eks.ts";
import type { Skips } from "../config.ts";
import { readStackState } from "../stack-state.ts";
import type { EksTarget } from "../target.ts";
import type { ClusterAccess } from "./access/cluster-access.ts";
import { hasMonitoringKinds } from "./access/discovery.ts";
import { serveOnCluster } from "./cluster-service.ts";
import { assertOwnNamespace } from "./own-namespace.ts";

/**
 * Finds account, cluster and the way into it.
 *
 * @throws RunError where AWS or the cluster can't be asked, one of them isn't the expected one, or the namespace is somebody
 * else's.
 */
export async function prepareCluster(serving: EksServing, skips: Pick<Skips, "deploy">): Promise<EksTarget> {
  const { aws, cluster, kubeContext, identity } = serving;
  await assertAccount(aws, { provider: callerProvider(aws) });
  const provider = awsProvider(aws);
  const needsEks = kubeContext === undefined || hasRole(identity);
  const clusterPlan = needsEks
    ? await planCluster(cluster, { region: aws.region, identity: identity.method }, { provider })
    : undefined;
  const kubeconfig = clusterPlan?.found?.kubeconfig;
  const access = kubeContext ? { kubeContext } : kubeconfig ? { kubeconfig } : undefined;
  const state = await readStackState();
  if (access && !skips.deploy) {
    const { namespace } = serving.workload;
    const warn = (message: string) => log.warn(message);
    await assertOwnNamespace({ access, namespace, state, warn });
  }
  return {
    ...serving,
    provider,
    ...(clusterPlan && { clusterPlan }),
    ...(access && { access }),
    serve: serveOnCluster,
    hasMonitoring: await findMonitoring(serving.monitoring, access),
    leftOut: skips.deploy && !state.find("pipeline:serving:InferenceService"),
  };
}

async function findMonitoring(wanted: EksServing["monitoring"], access: ClusterAccess | undefined): Promise<boolean> {
  if (wanted !== "auto") return wanted === "on";
  if (access === undefined) return false;
  try {
    return await hasMonitoringKinds(access);
  } catch (cause) {
    throw new RunError((cause as Error).message, { cause });
  }
}
