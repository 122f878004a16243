import type { types } from "@pulumi/kubernetes";
import { ownedMetadata } from "../metadata.ts";
import { tlsSecret as defaultTlsSecret, route as name, service } from "../names.ts";
import type { RouteSettings, WorkloadSettings } from "../workload-settings.ts";
import { albAnnotations } from "./alb.ts";

/** The way in through an Ingress controller. */
export function ingress({ namespace, route }: Pick<WorkloadSettings, "namespace" | "route">) {
  const { host, className, tls } = route;
  const ingressClassName = className || (tls === "acm" ? "alb" : undefined);
  const secretName = certificateSecret(route);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: ownedMetadata(name, namespace, { annotations: { ...tlsAnnotations(route), ...route.annotations } }),
    spec: {
      ...(ingressClassName && { ingressClassName }),
      ...(secretName && { tls: [{ hosts: [host], secretName }] }),
      rules: [
        {
          host,
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: service, port: { name: "http" } } } }],
          },
        },
      ],
    },
  } satisfies types.input.networking.v1.Ingress;
}

function tlsAnnotations({ tls, issuer, certificateArn }: RouteSettings): Record<string, string> {
  if (tls === "cert-manager") return { "cert-manager.io/cluster-issuer": issuer };
  if (tls === "acm") return albAnnotations(certificateArn);
  // Said aloud: a reviewer, and the policy pack, tell it from a certificate that was forgotten.
  return tls === "none" ? { "ml-deployment-pipeline/tls": "none" } : {};
}

function certificateSecret({ tls, tlsSecret }: RouteSettings): string | undefined {
  if (tls === "cert-manager") return tlsSecret || defaultTlsSecret;
  return tls === "secret" ? tlsSecret : undefined;
}
