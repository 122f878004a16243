import { CoreV1Api, DiscoveryV1Api, type V1Service } from "@kubernetes/client-node";
import type { Cluster } from "./cluster.ts";
import { ClusterError } from "./cluster-error.ts";
import type { ServiceAddress } from "./service-address.ts";

/** A pod that answers for a Service, and the port of it that the Service's port leads to. */
export interface ServicePod {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/**
 * The ready pods behind a Service's port, from its EndpointSlices, which name the target's port by number also where the
 * Service names it by name.
 *
 * @throws ClusterError where Service, port or ready pods are missing.
 */
export async function readyPods(cluster: Cluster, address: ServiceAddress): Promise<readonly ServicePod[]> {
  const { namespace, service, port } = address;
  const portName = nameOfPort(await readService(cluster, address), cluster, address);
  const slices = await cluster.ask(`list EndpointSlices of ${namespace}/${service}`, (options) => {
    const labelSelector = `kubernetes.io/service-name=${service}`;
    return cluster.kubeConfig
      .makeApiClient(DiscoveryV1Api)
      .listNamespacedEndpointSlice({ namespace, labelSelector }, options);
  });
  const all = slices.items.flatMap(({ endpoints, ports }) => {
    // Without a ready pod that has such a port the API server says null, against its own schema.
    const target = ports?.find(({ name = "" }) => name === portName)?.port;
    return (endpoints ?? []).map(({ conditions, targetRef }) => ({
      ready: conditions?.ready !== false,
      targetRef,
      target,
    }));
  });
  const pods = all.flatMap(({ ready, targetRef, target }) =>
    ready && targetRef?.kind === "Pod" && targetRef.name && target
      ? [{ namespace, name: targetRef.name, port: target }]
      : [],
  );
  if (pods.length > 0) return pods;
  const count = all.filter(({ ready }) => !ready).length;
  const found =
    all.length === 0 ? "no pod at all" : count > 0 ? `${count} that aren't ready` : "endpoints that are no pods";
  throw new ClusterError(
    `${cluster.name}: expected a ready pod behind port ${port} of Service ${namespace}/${service}, got ${found}: see kubectl get pods -n ${namespace}`,
    { passing: true },
  );
}

async function readService(cluster: Cluster, { namespace, service }: ServiceAddress): Promise<V1Service> {
  try {
    return await cluster.ask(`read Service ${namespace}/${service}`, (options) =>
      cluster.kubeConfig.makeApiClient(CoreV1Api).readNamespacedService({ name: service, namespace }, options),
    );
  } catch (error) {
    if ((error as ClusterError).status !== 404) throw error;
    const message = `${cluster.name} has no Service ${service} in namespace ${namespace}: is this the right cluster, and the Service's address?`;
    throw new ClusterError(message, { status: 404, cause: error });
  }
}

/** The name of the Service's port, by which EndpointSlices call it; empty where it is the only one and has none. */
function nameOfPort({ spec }: V1Service, cluster: Cluster, { namespace, service, port }: ServiceAddress): string {
  const ports = spec?.ports ?? [];
  const found = ports.find((entry) => entry.port === port);
  if (found) return found.name ?? "";
  const known = ports.map((entry) => entry.port).join(", ") || "none";
  throw new ClusterError(`${cluster.name}: expected port ${port} on Service ${namespace}/${service}, got ${known}`);
}
