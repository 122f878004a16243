import type { types } from "@pulumi/kubernetes";
import { ownedMetadata } from "./metadata.ts";
import { app, podsService, service } from "./names.ts";

/** Label that tells the headless Service from the other. */
export const podsServiceLabels = { "app.kubernetes.io/component": "pods" };

/** One address for the ready pods: port 80. */
export function usersService({ namespace }: { readonly namespace: string }) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: ownedMetadata(service, namespace),
    spec: {
      type: "ClusterIP",
      selector: { app },
      ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP", appProtocol: "http" }],
    },
  } satisfies types.input.core.v1.Service;
}

/** A name that resolves to every ready pod: the verification asks each, Prometheus scrapes each. */
export function headlessService({
  namespace,
  port,
  metricsPort,
}: {
  readonly namespace: string;
  readonly port: number;
  readonly metricsPort: number;
}) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: ownedMetadata(podsService, namespace, { labels: podsServiceLabels }),
    spec: {
      type: "ClusterIP",
      clusterIP: "None",
      selector: { app },
      publishNotReadyAddresses: false,
      ports: [
        { name: "http", port, targetPort: "http", protocol: "TCP", appProtocol: "http" },
        { name: "metrics", port: metricsPort, targetPort: "metrics", protocol: "TCP", appProtocol: "http" },
      ],
    },
  } satisfies types.input.core.v1.Service;
}
