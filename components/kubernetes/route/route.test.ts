import test from "ava";
import { type SettingsChanges, testSettings } from "../fixtures/settings.ts";
import { serviceEndpoint } from "./endpoint.ts";
import { httpRoute } from "./http-route.ts";
import { ingress } from "./ingress.ts";

const build = (route: SettingsChanges["route"] = {}) => ingress(testSettings({ route }));
const arn = "arn:aws:acm:eu-north-1:123456789012:certificate/1234";

test("an Ingress leads the host to the users' Service", (t) => {
  const { metadata, spec } = build();
  t.is(metadata.name, "ml-inference-ingress");
  t.is(spec.ingressClassName, "nginx");
  t.deepEqual(spec.rules, [
    {
      host: "inference.example.com",
      http: {
        paths: [
          {
            path: "/",
            pathType: "Prefix",
            backend: { service: { name: "ml-inference-service", port: { name: "http" } } },
          },
        ],
      },
    },
  ]);
});

test("cert-manager is told the issuer and where to put the certificate", (t) => {
  const { metadata, spec } = build();
  t.is(metadata.annotations["cert-manager.io/cluster-issuer" as never], "letsencrypt-prod" as never);
  t.deepEqual(spec.tls, [{ hosts: ["inference.example.com"], secretName: "ml-inference-tls" }]);
  t.is(build({ tlsSecret: "mine" }).spec.tls![0]!.secretName, "mine");
});

test("an ALB ends TLS with ACM's certificate, and asks the pods for their health", (t) => {
  const { metadata, spec } = build({ tls: "acm", certificateArn: arn, className: "" });
  t.is(spec.ingressClassName, "alb");
  t.is(spec.tls, undefined);
  t.like(metadata.annotations, {
    "alb.ingress.kubernetes.io/certificate-arn": arn,
    "alb.ingress.kubernetes.io/target-type": "ip",
    "alb.ingress.kubernetes.io/scheme": "internal",
    "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
    "alb.ingress.kubernetes.io/ssl-redirect": "443",
    "alb.ingress.kubernetes.io/healthcheck-path": "/health",
  });
});

test("a Secret of one's own needs no annotation; without TLS there is no Secret", (t) => {
  const own = build({ tls: "secret", tlsSecret: "wildcard" });
  t.is(own.spec.tls![0]!.secretName, "wildcard");
  t.deepEqual(Object.keys(own.metadata.annotations), ["pulumi.com/patchForce"]);
  t.is(build({ tls: "none", tlsSecret: "wildcard" }).spec.tls, undefined);
});

test("without a class it is the cluster's default one", (t) => {
  t.false("ingressClassName" in build({ className: "" }).spec);
});

test("annotations by config win", (t) => {
  const scheme = "alb.ingress.kubernetes.io/scheme";
  const { metadata } = build({
    tls: "acm",
    certificateArn: arn,
    annotations: { [scheme]: "internet-facing", own: "1" },
  });
  t.like(metadata.annotations, { [scheme]: "internet-facing", own: "1", "pulumi.com/patchForce": "true" });
});

for (const [gateway, parent] of [
  ["infra/public", { namespace: "infra", name: "public" }],
  ["infra/public/https", { namespace: "infra", name: "public", sectionName: "https" }],
] as const) {
  test(`an HTTPRoute hangs on the Gateway ${gateway}`, (t) => {
    const { metadata, spec } = httpRoute(testSettings({ route: { kind: "gateway", gateway } }));
    t.is(metadata.name, "ml-inference-ingress");
    t.deepEqual(spec.parentRefs, [{ group: "gateway.networking.k8s.io", kind: "Gateway", ...parent }]);
    t.deepEqual(spec.hostnames, ["inference.example.com"]);
    t.like(spec.rules[0]!.backendRefs[0], { name: "ml-inference-service", port: 80 });
  });
}

test("up waits until the Gateway has accepted the HTTPRoute, unless annotations say otherwise", (t) => {
  const waitFor = "pulumi.com/waitFor";
  const build = (annotations = {}) =>
    httpRoute(testSettings({ route: { kind: "gateway", gateway: "infra/public", annotations } })).metadata.annotations;
  t.like(build(), { [waitFor]: 'jsonpath={.status.parents[0].conditions[?(@.type=="Accepted")].status}=True' });
  t.like(build({ [waitFor]: "jsonpath={.status}" }), { [waitFor]: "jsonpath={.status}" });
});

for (const [route, endpoint] of [
  [{}, "https://inference.example.com"],
  [{ tls: "none" }, "http://inference.example.com"],
  [{ kind: "gateway" }, "https://inference.example.com"],
  [{ kind: "none" }, "http://ml-inference-service.ml-inference.svc.cluster.local"],
] as const) {
  test(`the endpoint with ${JSON.stringify(route)} is ${endpoint}`, (t) => {
    t.is(serviceEndpoint(testSettings({ route })), endpoint);
  });
}
