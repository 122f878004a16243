import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import test from "ava";
import { autoscaler } from "../../components/kubernetes/autoscaler.ts";
import { configMap } from "../../components/kubernetes/config-map.ts";
import { deployment } from "../../components/kubernetes/deployment.ts";
import { disruptionBudget } from "../../components/kubernetes/disruption-budget.ts";
import { expectationJson } from "../../components/kubernetes/expectation.ts";
import {
  type SettingsChanges,
  testExpectation,
  testImage,
  testSettings,
} from "../../components/kubernetes/fixtures/settings.ts";
import { dashboard } from "../../components/kubernetes/monitoring/dashboard.ts";
import { prometheusRule } from "../../components/kubernetes/monitoring/prometheus-rule.ts";
import { serviceMonitor } from "../../components/kubernetes/monitoring/service-monitor.ts";
import { awsSecret } from "../../components/kubernetes/names.ts";
import { namespace } from "../../components/kubernetes/namespace.ts";
import { networkPolicies } from "../../components/kubernetes/network-policies.ts";
import { podSecret } from "../../components/kubernetes/pod-secret.ts";
import { httpRoute } from "../../components/kubernetes/route/http-route.ts";
import { ingress } from "../../components/kubernetes/route/ingress.ts";
import { serviceAccount } from "../../components/kubernetes/service-account.ts";
import { headlessService, usersService } from "../../components/kubernetes/services.ts";
import { verificationJob } from "../../components/kubernetes/verification-job.ts";
import type { WorkloadSettings } from "../../components/kubernetes/workload-settings.ts";

// What a real API server says to the manifests, in a namespace that refuses pods which aren't restricted.

const space = `manifests-${randomBytes(3).toString("hex")}`;

const account = serviceAccount({ namespace: space, roleArn: "arn:aws:iam::123456789012:role/ml-inference-role" });

test.before(async () => {
  if (!process.env.KUBECONFIG) throw new Error("expected KUBECONFIG of a cluster, see README");
  await apply([namespace(testSettings({ namespace: space }), "prod"), account]);
  // Kubernetes makes it a moment later, and takes no pod before.
  await kubectl(["wait", "--for=create", "serviceaccount/default", "--namespace", space, "--timeout=60s"]);
});

test.after.always(() => kubectl(["delete", "namespace", space, "--ignore-not-found", "--wait=false"]));

const variants: Readonly<Record<string, SettingsChanges>> = {
  "the usual cluster": {},
  "an ALB and Pod Identity": {
    identity: "pod-identity",
    route: { tls: "acm", certificateArn: "arn:aws:acm:eu-north-1:123456789012:certificate/1", className: "" },
    network: { ingressNamespaces: [], ingressCidrs: ["10.20.0.0/16", "fd00:1::/64"] },
  },
  "a Gateway, keys and an MLflow outside": {
    identity: "secret",
    trackingUri: "https://mlflow.example.com",
    route: { kind: "gateway", gateway: "infra/public/https" },
    network: { awsCidrs: ["10.30.0.0/24"], feastPodPort: 6566 },
    service: { feastUri: "http://feast.features.svc:80" },
  },
  "a model in the image, one replica, no route, no identity": {
    modelDelivery: "image",
    identity: "none",
    replicas: { min: 1, max: 1 },
    route: { kind: "none" },
    network: { ingressNamespaces: [], monitoringNamespaces: [] },
  },
  "an MLflow by its address, and a Secret's certificate": {
    trackingUri: "http://[fd00::7]:5000",
    route: { tls: "secret", tlsSecret: "wildcard", annotations: { own: "1" } },
  },
};

for (const [what, changes] of Object.entries(variants)) {
  test(`all manifests are accepted without a warning: ${what}`, async (t) => {
    const manifests = build(testSettings({ ...changes, namespace: space }));
    const { warnings, objects } = await dryRun(manifests);
    t.deepEqual(warnings, "");
    t.is(objects.length, manifests.length);
  });
}

test("the server drops none of the fields that rollouts, spread and evictions rest on", async (t) => {
  const { objects } = await dryRun(build(testSettings({ namespace: space })));
  const spec = (kind: string) => objects.find((object) => object.kind === kind)!.spec;
  const pod = spec("Deployment").template.spec;
  t.deepEqual(pod.containers[0].lifecycle, { preStop: { sleep: { seconds: 10 } } });
  t.deepEqual(pod.topologySpreadConstraints[0].matchLabelKeys, ["pod-template-hash"]);
  t.is(spec("PodDisruptionBudget").unhealthyPodEvictionPolicy, "AlwaysAllow");
  t.is(spec("Job").podFailurePolicy.rules[0].action, "Ignore");
});

test("the largest expectation that is let through fits a pod", async (t) => {
  const rows = Array.from({ length: 16_900 }, () => [123_456_789]);
  const expectation = expectationJson({ ...testExpectation, golden: { ...testExpectation.golden!, rows } });
  t.true(expectation.length > 190 * 1024);
  const settings = testSettings({ namespace: space });
  const { spec } = deployment({
    settings,
    image: testImage,
    modelVersion: "3",
    configMap: "c",
    expectation,
    secrets: [],
  });
  t.is((await dryRun([pod("large", spec)])).objects.length, 1);
});

test("a pod with one right too many is refused there", async (t) => {
  const containers = [{ name: "inference", image: testImage }];
  await t.throwsAsync(dryRun([pod("lax", { template: { metadata: {}, spec: { containers } } })]), {
    message: /violates PodSecurity "restricted/,
  });
});

/** All that a workload may consist of but its namespace, and its pods by themselves: only those are refused, templates are warned about. */
function build(settings: WorkloadSettings): object[] {
  const { kind } = settings.route;
  const config = configMap(settings);
  const pods = { image: testImage, expectation: expectationJson(testExpectation), configMap: config.metadata.name };
  const serving = deployment({
    settings,
    modelVersion: "3",
    secrets: [{ name: awsSecret, digest: "0a1b2c3d" }],
    ...pods,
  });
  const job = verificationJob({ ...settings, ...pods });
  return [
    account,
    config,
    podSecret(awsSecret, space, { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "key" }),
    ...networkPolicies(settings),
    serving,
    usersService(settings),
    headlessService(settings),
    autoscaler(settings),
    disruptionBudget(settings),
    ...(kind === "ingress" ? [ingress(settings)] : []),
    ...(kind === "gateway" ? [httpRoute(settings)] : []),
    serviceMonitor(settings),
    prometheusRule(settings),
    dashboard(settings),
    { ...job, metadata: { ...job.metadata, name: "ml-inference-verify-0" } },
    pod("ml-inference-verify-0", job.spec),
    pod("ml-inference-0", serving.spec),
  ];
}

function pod(name: string, { template }: { readonly template: { readonly metadata: object; readonly spec: object } }) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name, namespace: space },
    spec: template.spec,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: manifests of any kind
async function dryRun(manifests: readonly object[]): Promise<{ warnings: string; objects: any[] }> {
  const { stdout, stderr } = await apply(manifests, "--dry-run=server", "--validate=strict", "--output=json");
  const answer = JSON.parse(stdout);
  return { warnings: stderr, objects: answer.items ?? [answer] };
}

function apply(items: readonly object[], ...options: readonly string[]) {
  const list = { apiVersion: "v1", kind: "List", items };
  return kubectl(["apply", "--server-side", "--filename=-", ...options], JSON.stringify(list));
}

async function kubectl(args: readonly string[], input = ""): Promise<{ stdout: string; stderr: string }> {
  const running = promisify(execFile)("kubectl", args, { maxBuffer: 2 ** 26 });
  running.child.stdin?.end(input);
  return await running;
}
