import type { types } from "@pulumi/kubernetes";
import { ownedMetadata } from "./metadata.ts";
import { app, verificationApp } from "./names.ts";
import { nodeLocalDnsPeer, podIdentityPeers, publicPeers } from "./network/address-ranges.ts";
import { egressTo, namespacePeer } from "./network/service-peers.ts";
import type { WorkloadSettings } from "./workload-settings.ts";

type Spec = types.input.networking.v1.NetworkPolicySpec;

const servingPods = { matchLabels: { app } };
const verificationPods = { matchLabels: { app: verificationApp } };

/**
 * Who may talk to whom: nobody, but for the flows that serving and its verification need. A policy is the union of its
 * rules, and the policies' of a pod.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkPolicies(settings: WorkloadSettings) {
  return [
    policy(settings, "ml-inference-default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
    policy(settings, app, {
      podSelector: servingPods,
      policyTypes: ["Ingress", "Egress"],
      ingress: ingressRules(settings),
      egress: egressRules(settings),
    }),
    policy(settings, verificationApp, {
      podSelector: verificationPods,
      policyTypes: ["Egress"],
      egress: [dns, { to: [{ podSelector: servingPods }], ports: [tcp(settings.port)] }],
    }),
    ...(settings.route.kind !== "none" && settings.route.tls === "cert-manager" ? [acmeSolver(settings)] : []),
  ];
}

function policy<S extends Spec>({ namespace }: WorkloadSettings, name: string, spec: S) {
  return {
    apiVersion: "networking.k8s.io/v1" as const,
    kind: "NetworkPolicy" as const,
    metadata: ownedMetadata(name, namespace),
    spec,
  };
}

function ingressRules({ network, port, metricsPort }: WorkloadSettings) {
  return [
    ...rule("from", incomingPeers(network), port),
    ...rule("from", [{ podSelector: verificationPods }], port),
    ...rule("from", network.monitoringNamespaces.map(namespacePeer), metricsPort),
  ];
}

function egressRules({ network, identity, modelDelivery, trackingUri, service }: WorkloadSettings) {
  const awsPeers = network.awsCidrs.length ? network.awsCidrs.map(blockPeer) : publicPeers;
  return [
    dns,
    ...(modelDelivery === "registry" ? [egressTo(trackingUri, network.mlflowPodPort)] : []),
    ...(service.feastUri ? [egressTo(service.feastUri, network.feastPodPort)] : []),
    ...(identity === "none" && !network.awsCidrs.length ? [] : rule("to", awsPeers, 443)),
    ...(identity === "pod-identity" ? rule("to", podIdentityPeers, 80) : []),
  ];
}

/** cert-manager answers ACME's HTTP-01 challenge from a pod in the Ingress's namespace, through the same controller. */
function acmeSolver(settings: WorkloadSettings) {
  return policy(settings, "ml-inference-acme-solver", {
    podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
    policyTypes: ["Ingress"],
    ingress: rule("from", incomingPeers(settings.network), 8089),
  });
}

const dns = {
  to: [namespacePeer("kube-system"), nodeLocalDnsPeer],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

function incomingPeers({ ingressNamespaces, ingressCidrs }: WorkloadSettings["network"]) {
  return [...ingressNamespaces.map(namespacePeer), ...ingressCidrs.map(blockPeer)];
}

function blockPeer(cidr: string) {
  return { ipBlock: { cidr } };
}

/** No rule without peers: an empty list of them would mean everybody. */
function rule<Side extends "from" | "to", Peer>(side: Side, peers: readonly Peer[], port: number) {
  if (!peers.length) return [];
  return [{ [side]: [...peers], ports: [tcp(port)] } as Record<Side, Peer[]> & { ports: ReturnType<typeof tcp>[] }];
}

function tcp(port: number) {
  return { protocol: "TCP", port };
}
