import { InputPropertyError } from "@pulumi/pulumi";
import { isAlb } from "./route/alb.ts";
import type { WorkloadSettings } from "./workload-settings.ts";

/**
 * Finds what no manifest would show: settings that are each right, and together serve nobody.
 *
 * @throws InputPropertyError naming the property, what was expected and what came.
 */
export function checkSettings(settings: WorkloadSettings): void {
  const { replicas, port, metricsPort } = settings;
  expect(replicas.min >= 1, "replicas.min", "at least 1", replicas.min);
  expect(replicas.max >= replicas.min, "replicas.max", `at least replicas.min (${replicas.min})`, replicas.max);
  expect(port !== metricsPort, "metricsPort", "another port than the service's", metricsPort);
  if (settings.modelDelivery === "registry")
    expect(
      /^https?:\/\//i.test(settings.trackingUri),
      "trackingUri",
      "http://host:port, which pods can reach",
      settings.trackingUri,
    );
  if (settings.route.kind !== "none") checkRoute(settings);
}

function checkRoute({ route, network }: WorkloadSettings): void {
  const { kind, tls } = route;
  expect(route.host !== "", "route.host", `the host name that the ${kind} answers to`, route.host);
  if (kind === "gateway") {
    const pattern = /^[^/]+\/[^/]+(\/[^/]+)?$/;
    expect(pattern.test(route.gateway), "route.gateway", "namespace/name or namespace/name/section", route.gateway);
  } else {
    if (tls === "cert-manager")
      expect(route.issuer !== "", "route.issuer", "the name of a ClusterIssuer", route.issuer);
    if (tls === "acm")
      expect(
        route.certificateArn !== "",
        "route.certificateArn",
        "the ARN of a certificate in ACM",
        route.certificateArn,
      );
    if (tls === "secret")
      expect(route.tlsSecret !== "", "route.tlsSecret", "the name of a TLS Secret", route.tlsSecret);
  }
  const cidrs = network.ingressCidrs.length;
  if (isAlb(route))
    expect(cidrs > 0, "network.ingressCidrs", "the subnets of the ALB, which reaches pods from there", "none");
  else
    expect(
      cidrs + network.ingressNamespaces.length > 0,
      "network.ingressNamespaces",
      `the namespace of the ${kind}'s controller, or network.ingressCidrs: nothing else may reach the pods`,
      "neither",
    );
}

function expect(right: boolean, property: string, expected: string, got: unknown): void {
  if (right) return;
  const propertyPath = `settings.${property}`;
  const came = got === "none" || got === "neither" ? got : JSON.stringify(got);
  throw new InputPropertyError({ propertyPath, reason: `${propertyPath}: expected ${expected}, got ${came}` });
}
