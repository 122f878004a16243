import { InputPropertyError } from "@pulumi/pulumi";
import test from "ava";
import { checkSettings } from "./check-settings.ts";
import { type SettingsChanges, testSettings } from "./fixtures/settings.ts";

const nobody = { ingressNamespaces: [] };

for (const [changes, property, reason] of [
  [{ replicas: { min: 0 } }, "replicas.min", /expected at least 1, got 0/],
  [{ replicas: { min: 5, max: 4 } }, "replicas.max", /expected at least replicas.min \(5\), got 4/],
  [{ metricsPort: 8080 }, "metricsPort", /another port than the service's, got 8080/],
  [{ trackingUri: "mlruns" }, "trackingUri", /http:\/\/host:port, which pods can reach, got "mlruns"/],
  [{ route: { host: "" } }, "route.host", /the host name that the ingress answers to, got ""/],
  [{ route: { issuer: "" } }, "route.issuer", /ClusterIssuer, got ""/],
  [{ route: { tls: "secret" } }, "route.tlsSecret", /TLS Secret/],
  [{ route: { tls: "acm" } }, "route.certificateArn", /certificate in ACM/],
  [{ route: { tls: "acm", certificateArn: "arn:…" } }, "network.ingressCidrs", /the subnets of the ALB.*got none/],
  [
    { network: nobody },
    "network.ingressNamespaces",
    /or network.ingressCidrs: nothing else may reach the pods, got neither/,
  ],
  [{ route: { kind: "gateway", gateway: "public" } }, "route.gateway", /namespace\/name/],
] as const satisfies readonly (readonly [SettingsChanges, string, RegExp])[]) {
  test(`${JSON.stringify(changes)} is refused by name`, (t) => {
    const error = t.throws(() => checkSettings(testSettings(changes)), { instanceOf: InputPropertyError });
    t.is(error?.propertyPath, `settings.${property}`);
    t.true(error?.reason.startsWith(`settings.${property}: `));
    t.regex(error?.reason ?? "", reason);
  });
}

for (const changes of [
  {},
  { route: { kind: "none", host: "" }, network: nobody },
  { route: { kind: "gateway", gateway: "infra/public/https", issuer: "" } },
  { route: { tls: "acm", certificateArn: "arn:…" }, network: { ingressCidrs: ["10.0.0.0/16"] } },
  { modelDelivery: "image", trackingUri: "mlruns" },
  { replicas: { min: 1, max: 1 } },
] as const satisfies readonly SettingsChanges[]) {
  test(`${JSON.stringify(changes)} is fine`, (t) => {
    t.notThrows(() => checkSettings(testSettings(changes)));
  });
}
