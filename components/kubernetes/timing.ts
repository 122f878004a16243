import type { CustomTimeouts } from "@pulumi/pulumi";
import type { WorkloadSettings } from "./workload-settings.ts";

/**
 * Seconds that an idle keep-alive connection stays open: longer than the proxies in front keep theirs (ALB 60, nginx 60,
 * Traefik 90), so that it is never the server that closes one which is about to carry a request.
 */
export const keepAliveSeconds = 95;

/** Seconds that a pod goes on serving as before once it is told to stop, until every proxy in the cluster has taken it off its list. */
const proxySeconds = 10;

/**
 * Seconds until a load balancer of AWS has: its controller asks AWS to take the target out, which is limited in rate, and the
 * load balancer goes on sending requests for a while (github.com/kubernetes-sigs/aws-load-balancer-controller, issues 1064 and
 * 2106).
 */
const loadBalancerSeconds = 60;

/** How long a pod goes on serving as before once it is told to stop, by what reaches it, in seconds. */
export function preStopSeconds({ network }: Pick<WorkloadSettings, "network">): number {
  return network.ingressCidrs.length > 0 ? loadBalancerSeconds : proxySeconds;
}

/** Seconds that open requests then get to finish. */
export const drainSeconds = 30;

/** Seconds from the order to stop until the pod is killed. */
export function terminationGraceSeconds(settings: Pick<WorkloadSettings, "network">): number {
  return preStopSeconds(settings) + drainSeconds + 5;
}

/** Seconds that the verification goes on asking: until DNS no longer names pods that are going. */
export const verifySeconds = 120;

/** Seconds after a deadline in which the cluster tells that it has passed. */
const tellSeconds = 30;

/**
 * How long the engine waits for an object that is ready, or has failed, by a deadline. The provider itself waits ten minutes
 * for each, for a Deployment past its progress deadline too (pulumi-kubernetes, provider/pkg/await/deployment.go).
 */
export function timeoutsAfter(deadlineSeconds: number): CustomTimeouts {
  const timeout = `${deadlineSeconds + tellSeconds}s`;
  return { create: timeout, update: timeout };
}

/** Seconds that the verification's Job may take: room for what a rollout needs before its pod runs, and the asking. */
export function verificationDeadline(rolloutSeconds: number): number {
  return rolloutSeconds + verifySeconds;
}
