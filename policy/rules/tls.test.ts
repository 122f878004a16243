import test from "ava";
import { changed, keys, permits, refuses } from "../fixtures/changed.ts";
import { others, resource, unknown } from "../fixtures/good.ts";
import { plainRoute, tls, tlsAnnotation } from "./tls.ts";

const { ingress, alb, route, service } = others as Record<string, NonNullable<(typeof others)[string]>>;
const annotations = (name: string) => ["metadata", "annotations", name];
const certificate = "alb.ingress.kubernetes.io/certificate-arn";
const redirect = "alb.ingress.kubernetes.io/ssl-redirect";

test("an Ingress without TLS is refused", (t) => {
  refuses(t, tls, ingress!, "spec.tls", undefined);
  refuses(t, tls, ingress!, "spec.tls", []);
  refuses(t, tls, ingress!, "spec.tls[0].secretName", undefined, "spec.tls");
});

test("a host that no certificate is for is refused by its name", (t) => {
  const twoHosts = changed(ingress!, keys("spec.rules[1]"), { host: "other.example.org" });
  t.deepEqual(tls.check(twoHosts), ["spec.tls: expected a secret with a certificate for other.example.org, got none"]);
  refuses(t, tls, ingress!, "spec.rules[0].host", undefined, "spec.tls");
});

test("a certificate may be for a domain, or for whatever hosts there are", (t) => {
  permits(t, tls, ingress!, "spec.tls[0].hosts", ["*.example.com"]);
  permits(t, tls, ingress!, "spec.tls[0].hosts", undefined);
  permits(t, tls, ingress!, "spec.tls[0].hosts", unknown);
  refuses(t, tls, ingress!, "spec.tls[0].hosts", ["*.example.org"], "spec.tls");
});

test("an Ingress that keeps nginx from redirecting plain HTTP is refused", (t) => {
  const name = "nginx.ingress.kubernetes.io/ssl-redirect";
  refuses(t, tls, ingress!, annotations(name), "false", `metadata.annotations["${name}"]`);
});

for (const name of [certificate, redirect]) {
  test(`an Ingress of class alb without ${name} is refused`, (t) => {
    refuses(t, tls, alb!, annotations(name), undefined, `metadata.annotations["${name}"]`);
    permits(t, tls, alb!, annotations(name), unknown);
  });
}

test("a route that is attached to no gateway, or to its plain port, is refused", (t) => {
  refuses(t, tls, route!, "spec.parentRefs", undefined);
  refuses(t, tls, route!, "spec.parentRefs[0].kind", "Service");
  refuses(t, tls, route!, "spec.parentRefs[0].port", 80);
});

test("a route that names no listener is asked about", (t) => {
  refuses(t, plainRoute, route!, "spec.parentRefs[0].sectionName", undefined);
  permits(t, tls, route!, "spec.parentRefs[0].sectionName", undefined);
});

test("plain HTTP by the stack's own config is asked about, and not refused", (t) => {
  for (const plain of [changed(ingress!, keys("spec.tls"), undefined), route!]) {
    const deliberate = changed(plain, annotations(tlsAnnotation), "none");
    t.deepEqual(tls.check(deliberate), []);
    t.is(plainRoute.check(deliberate).length, 1);
  }
  permits(t, plainRoute, ingress!, annotations(tlsAnnotation), "cert-manager");
});

test("a Service that is reached past the Ingress is refused, unless its load balancer has a certificate", (t) => {
  refuses(t, tls, service!, "spec.type", "NodePort");
  refuses(t, tls, service!, "spec.type", "LoadBalancer");
  const name = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert";
  const balanced = changed(service!, annotations(name), "arn:aws:acm:eu-north-1:123456789012:certificate/a");
  permits(t, tls, balanced, "spec.type", "LoadBalancer");
});

test("what is no way into the cluster passes", (t) => {
  for (const rule of [tls, plainRoute]) t.deepEqual(rule.check(resource("kubernetes:core/v1:ConfigMap", {})), []);
});
