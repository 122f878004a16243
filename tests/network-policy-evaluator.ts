import { BlockList, isIPv4 } from "node:net";

/** One end of a flow: a pod, or an address outside of the cluster (no namespace), which no policy holds. */
export interface Peer {
  readonly ip: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A connection that one end opens to a port of the other; the answer to it is never in question. */
export interface Flow {
  readonly from: Peer;
  /** After the Service's address has become the pod's. */
  readonly to: Peer;
  readonly port: number;
  readonly protocol?: string;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

export interface PolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface PolicyRule {
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly { readonly protocol?: string; readonly port?: number; readonly endPort?: number }[];
}

/** What a NetworkPolicy of networking.k8s.io/v1 says, as far as it is written with labels and numbered ports. */
export interface Policy {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly PolicyRule[];
    readonly egress?: readonly PolicyRule[];
  };
}

/**
 * Whether policies let a flow through, by the rules of networking.k8s.io/v1: where any policy selects a pod for a
 * direction, what none of those allows is refused; where none does, everything is allowed; both ends must agree.
 *
 * An ipBlock is held against pods' addresses too. Kubernetes leaves that to the network plugin, so tests of what is
 * needed should hold without it, and tests of what is forbidden even with it.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function isAllowed(policies: readonly Policy[], flow: Flow): boolean {
  return agrees(policies, flow, "Egress") && agrees(policies, flow, "Ingress");
}

function agrees(policies: readonly Policy[], flow: Flow, direction: "Ingress" | "Egress"): boolean {
  const [own, other] = direction === "Egress" ? [flow.from, flow.to] : [flow.to, flow.from];
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      own.namespace === metadata.namespace &&
      matches(spec.podSelector, own.labels) &&
      policyTypes(spec).includes(direction),
  );
  if (!selecting.length) return true;
  return selecting.some(({ metadata, spec }) => {
    const rules = direction === "Egress" ? spec.egress : spec.ingress;
    return (rules ?? []).some((rule) => {
      const peers = direction === "Egress" ? rule.to : rule.from;
      return (
        matchesPorts(rule, flow) &&
        (!peers?.length || peers.some((peer) => matchesPeer(peer, other, metadata.namespace)))
      );
    });
  });
}

function policyTypes({ policyTypes, egress }: Policy["spec"]): readonly string[] {
  return policyTypes ?? (egress ? ["Ingress", "Egress"] : ["Ingress"]);
}

function matchesPorts({ ports }: PolicyRule, flow: Flow): boolean {
  if (!ports?.length) return true;
  return ports.some(
    ({ protocol = "TCP", port = 0, endPort = port || 65_535 }) =>
      protocol === (flow.protocol ?? "TCP") && flow.port >= port && flow.port <= endPort,
  );
}

function matchesPeer({ ipBlock, namespaceSelector, podSelector }: PolicyPeer, peer: Peer, namespace: string): boolean {
  if (ipBlock) return inside(ipBlock.cidr, peer.ip) && !ipBlock.except?.some((cidr) => inside(cidr, peer.ip));
  if (peer.namespace === undefined) return false;
  const rightNamespace = namespaceSelector
    ? matches(namespaceSelector, { "kubernetes.io/metadata.name": peer.namespace })
    : peer.namespace === namespace;
  return rightNamespace && matches(podSelector ?? {}, peer.labels);
}

function matches(
  { matchLabels = {}, ...others }: LabelSelector,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  const unknown = Object.keys(others);
  if (unknown.length) throw new Error(`expected a selector by matchLabels, got ${unknown.join(", ")}`);
  return Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}

function inside(cidr: string, ip: string): boolean {
  const [network = "", prefix] = cidr.split("/");
  const family = (address: string) => (isIPv4(address) ? "ipv4" : "ipv6");
  if (family(network) !== family(ip)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family(network));
  return list.check(ip, family(ip));
}
