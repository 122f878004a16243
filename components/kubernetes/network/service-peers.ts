import { isIP } from "node:net";
import { publicPeers } from "./address-ranges.ts";

/**
 * The rule that lets pods reach a server.
 *
 * | host | who may be reached |
 * |---|---|
 * | `service.namespace.svc`, with or without `.cluster.local` | pods of that namespace |
 * | a single name | pods of the same namespace, where only a policy of their own lets anybody in |
 * | an IP address | that address |
 * | any other | every public address |
 *
 * Policies are held against the pod that a Service forwards to, so the port is the pod's: `podPort` where it isn't the
 * Service's.
 *
 * @throws Error for what isn't an http(s) address.
 */
export function egressTo(uri: string, podPort?: number) {
  const { host, port } = parseAddress(uri);
  const service = /^[^.]+(?:\.([^.]+)\.svc(?:\.cluster\.local)?)?$/.exec(host);
  if (isIP(host)) return rule([{ ipBlock: { cidr: `${host}/${isIP(host) === 4 ? 32 : 128}` } }], port);
  if (!service) return rule(publicPeers, port);
  const namespace = service[1];
  return rule([namespace ? namespacePeer(namespace) : { podSelector: {} }], podPort ?? port);
}

/** All pods of a namespace, by the label that Kubernetes itself gives it. */
export function namespacePeer(name: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

function rule<Peer>(to: readonly Peer[], port: number) {
  return { to: [...to], ports: [{ protocol: "TCP", port }] };
}

function parseAddress(uri: string): { host: string; port: number } {
  const url = URL.parse(uri);
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    throw new Error(`expected an address as http://host:port, which pods can reach, got ${JSON.stringify(uri)}`);
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  return { host, port: Number(url.port) || (url.protocol === "https:" ? 443 : 80) };
}
