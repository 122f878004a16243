import type { RouteSettings } from "../workload-settings.ts";

/** Whether an ALB sends requests to the pods themselves: it ends TLS with ACM's certificate. */
export function isAlb({ kind, tls }: Pick<RouteSettings, "kind" | "tls">): boolean {
  return kind === "ingress" && tls === "acm";
}

/**
 * Annotations that make the AWS Load Balancer Controller put an ALB with an ACM certificate in front of the pods.
 *
 * Internal unless the annotation `alb.ingress.kubernetes.io/scheme` says otherwise.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
 */
export function albAnnotations(certificateArn: string): Record<string, string> {
  const annotations = {
    scheme: "internal",
    "target-type": "ip",
    "listen-ports": JSON.stringify([{ HTTP: 80 }, { HTTPS: 443 }]),
    "ssl-redirect": "443",
    "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "certificate-arn": certificateArn,
    "backend-protocol": "HTTP",
    "healthcheck-path": "/health",
    "healthcheck-interval-seconds": "10",
    "healthcheck-timeout-seconds": "5",
    "healthy-threshold-count": "2",
    "unhealthy-threshold-count": "2",
    "success-codes": "200",
    "load-balancer-attributes": "idle_timeout.timeout_seconds=60,routing.http.drop_invalid_header_fields.enabled=true",
    "target-group-attributes": "deregistration_delay.timeout_seconds=30",
  };
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [`alb.ingress.kubernetes.io/${name}`, value]),
  );
}
