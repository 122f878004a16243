import test from "ava";
import fc from "fast-check";
import { isAllowed, type Peer } from "../../tests/network-policy-evaluator.ts";
import { testSettings } from "./fixtures/settings.ts";
import { networkPolicies } from "./network-policies.ts";

const pod = (namespace: string, app: string): Peer => ({ ip: "10.0.1.1", namespace, labels: { app } });
const at = (ip: string): Peer => ({ ip });
const inference = pod("ml-inference", "ml-inference");
const verification = pod("ml-inference", "ml-inference-verify");
const controller = pod("ingress-nginx", "controller");

test("whatever the settings, nobody but those named reaches the service, and private addresses stay out of reach", (t) => {
  const octet = fc.integer({ min: 0, max: 255 });
  const privateAddress = fc.oneof(
    fc.tuple(fc.constant(10), octet, octet, octet),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
    fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    fc.tuple(fc.constant(169), fc.constant(254), fc.constant(169), octet),
  );
  const settings = fc.record({
    identity: fc.constantFrom("irsa", "pod-identity", "secret", "none"),
    modelDelivery: fc.constantFrom("registry", "image"),
    trackingUri: fc.constantFrom(
      "http://mlflow.asgard.svc:5000",
      "https://mlflow.example.com",
      "http://mlflow.example.com:80",
    ),
    namespaces: fc.subarray(["ingress-nginx", "traefik"]),
    monitoring: fc.subarray(["monitoring"]),
    tls: fc.constantFrom("cert-manager", "none"),
  });
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(settings, privateAddress, port, ({ namespaces, monitoring, tls, ...changes }, address, port) => {
      const network = { ingressNamespaces: namespaces, monitoringNamespaces: monitoring };
      const policies = networkPolicies(testSettings({ ...changes, route: { tls }, network }));
      const outsider = at(address.join("."));
      const from = pod("default", "client");
      return (
        !isAllowed(policies, { from: inference, to: outsider, port }) &&
        !isAllowed(policies, { from: verification, to: outsider, port }) &&
        !isAllowed(policies, { from: outsider, to: inference, port }) &&
        !isAllowed(policies, { from, to: inference, port }) &&
        isAllowed(policies, { from: controller, to: inference, port }) ===
          (port === 8080 && namespaces.includes("ingress-nginx"))
      );
    }),
  );
  t.pass();
});
