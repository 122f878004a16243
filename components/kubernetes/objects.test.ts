import test from "ava";
import { testSettings } from "./fixtures/settings.ts";
import { namespace } from "./namespace.ts";
import { serviceAccount } from "./service-account.ts";
import { headlessService, usersService } from "./services.ts";

test("the namespace names its stack, and holds pods to the restricted profile in every mode", (t) => {
  const { labels } = namespace(testSettings(), "prod").metadata;
  t.like(labels, { "ml-deployment-pipeline/stack": "prod" });
  for (const mode of ["enforce", "audit", "warn"])
    t.like(labels, {
      [`pod-security.kubernetes.io/${mode}`]: "restricted",
      [`pod-security.kubernetes.io/${mode}-version`]: "latest",
    });
});

test("behind an ALB alone, pods wait for the load balancer's word that they are healthy", (t) => {
  const gate = "elbv2.k8s.aws/pod-readiness-gate-inject";
  t.is(namespace(testSettings({ route: { tls: "acm" } }), "prod").metadata.labels[gate], "enabled");
  t.is(namespace(testSettings(), "prod").metadata.labels[gate], undefined);
  t.is(namespace(testSettings({ route: { kind: "gateway", tls: "acm" } }), "prod").metadata.labels[gate], undefined);
});

test("the account carries the role where there is one, and never its own token", (t) => {
  const roleArn = "arn:aws:iam::123456789012:role/ml-inference-role";
  const account = serviceAccount({ namespace: "ml-inference", roleArn });
  t.is(account.metadata.annotations["eks.amazonaws.com/role-arn" as never], roleArn as never);
  t.false(account.automountServiceAccountToken);
  t.false("eks.amazonaws.com/role-arn" in serviceAccount({ namespace: "ml-inference" }).metadata.annotations);
});

test("users' Service is port 80 of the ready pods", (t) => {
  const { metadata, spec } = usersService(testSettings());
  t.is(metadata.name, "ml-inference-service");
  t.deepEqual(spec.selector, { app: "ml-inference" });
  t.like(spec.ports[0], { port: 80, targetPort: "http" });
});

test("the other names each of them", (t) => {
  const { metadata, spec } = headlessService(testSettings({ port: 8000 }));
  t.is(metadata.name, "ml-inference-pods");
  t.like(spec, { clusterIP: "None", publishNotReadyAddresses: false, selector: { app: "ml-inference" } });
  t.like(spec.ports[0], { port: 8000, targetPort: "http" });
  t.like(spec.ports[1], { port: 9090, targetPort: "metrics" });
});
