import { ClusterError } from "./cluster-error.ts";

/** A port of a Service, and a path behind it. */
export interface ServiceAddress {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** With its leading slash; empty for none. */
  readonly path: string;
}

const internalHost = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?$/;

/** Whether a URI's host is a Service's name, which only the cluster's own DNS knows. */
export function isClusterInternal(uri: string): boolean {
  return URL.canParse(uri) && /\.svc(\.cluster\.local)?$/.test(hostOf(new URL(uri)));
}

/**
 * Takes a Service's URI apart.
 *
 * @param uri Such as `http://mlflow-service.asgard.svc.cluster.local:5000/path`.
 * @throws ClusterError for another host, and for https, whose certificate wouldn't fit a forwarded port.
 */
export function parseServiceAddress(uri: string): ServiceAddress {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const [, service, namespace] = (url && internalHost.exec(hostOf(url))) ?? [];
  if (!url || !service || !namespace || url.protocol !== "http:")
    throw new ClusterError(`expected a Service such as http://NAME.NAMESPACE.svc.cluster.local:PORT, got ${uri}`);
  return { namespace, service, port: Number(url.port || 80), path: url.pathname.replace(/\/+$/, "") };
}

/** Without the dot that a full name may end with. */
function hostOf({ hostname }: URL): string {
  return hostname.toLowerCase().replace(/\.$/, "");
}
