import test from "ava";
import { deployment } from "./deployment.ts";
import { expectationJson } from "./expectation.ts";
import { type SettingsChanges, testExpectation, testImage, testSettings } from "./fixtures/settings.ts";
import type { PodSecret } from "./pod-secret.ts";

function build(changes: SettingsChanges = {}, signIn: { secrets?: readonly PodSecret[]; roleArn?: string } = {}) {
  const { metadata, spec } = deployment({
    settings: testSettings(changes),
    image: testImage,
    modelVersion: "3",
    expectation: expectationJson(testExpectation),
    configMap: "ml-inference-config-0123abcd",
    secrets: [],
    ...signIn,
  });
  const container = spec.template.spec.containers[0]!;
  return { metadata, spec, template: spec.template.metadata, pod: spec.template.spec, container };
}

test("names are those that operators know", (t) => {
  const { metadata, spec, template, container } = build();
  t.like(metadata, { name: "ml-inference", namespace: "ml-inference" });
  t.deepEqual(spec.selector, { matchLabels: { app: "ml-inference" } });
  t.is(template.labels.app, "ml-inference");
  t.is(container.name, "inference");
});

test("replicas are the autoscaler's: the program never states them", (t) => {
  t.false("replicas" in build().spec);
});

test("a rollout takes no old pod away before a new one is ready, and fails after a time", (t) => {
  const { spec } = build();
  t.deepEqual(spec.strategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } });
  t.is(spec.progressDeadlineSeconds, 300);
});

test("another identity is another template, since pods get theirs at their start alone", (t) => {
  const identity = (changes: SettingsChanges, signIn = {}) =>
    build(changes, signIn).template.annotations["ml-deployment-pipeline/identity"];
  t.is(
    identity({ identity: "irsa" }, { roleArn: "arn:aws:iam::123456789012:role/a" }),
    "arn:aws:iam::123456789012:role/a",
  );
  t.is(identity({ identity: "pod-identity" }), "pod-identity");
});

test("the pod's version, expectation and threads are its template's own; all else is the ConfigMap's", (t) => {
  const { container, pod, template } = build();
  t.deepEqual(container.envFrom, [{ configMapRef: { name: "ml-inference-config-0123abcd" } }]);
  t.deepEqual(container.env, [
    { name: "MODEL_VERSION", value: "3" },
    { name: "MODEL_EXPECTATION_FILE", value: "/etc/ml-inference/expectation.json" },
    { name: "MODEL_THREADS", value: "1" },
  ]);
  t.deepEqual(JSON.parse(String(template.annotations["ml-deployment-pipeline/expectation"])), testExpectation);
  t.deepEqual(pod.volumes[0], {
    name: "expectation",
    downwardAPI: {
      items: [
        {
          path: "expectation.json",
          fieldRef: { apiVersion: "v1", fieldPath: "metadata.annotations['ml-deployment-pipeline/expectation']" },
        },
      ],
    },
  });
  t.deepEqual(container.volumeMounts[0], { name: "expectation", mountPath: "/etc/ml-inference", readOnly: true });
});

test("what is secret comes from Secrets, and another content of theirs rolls the pods", (t) => {
  const { container, template } = build(
    {},
    {
      secrets: [
        { name: "aws-credentials", digest: "0a1b2c3d" },
        { name: "mlflow-credentials", digest: "4e5f6a7b" },
      ],
    },
  );
  t.deepEqual(container.envFrom.slice(1), [
    { secretRef: { name: "aws-credentials" } },
    { secretRef: { name: "mlflow-credentials" } },
  ]);
  t.like(template.annotations, {
    "ml-deployment-pipeline/aws-credentials": "0a1b2c3d",
    "ml-deployment-pipeline/mlflow-credentials": "4e5f6a7b",
  });
});

test("bearer tokens are a Secret's, as a file that follows it: another content rolls nothing", (t) => {
  const { container, pod, template } = build({ authTokensSecret: "ml-tokens" });
  const folder = "/etc/ml-inference-tokens";
  t.deepEqual(container.env.at(-1), { name: "AUTH_TOKENS_FILE", value: `${folder}/tokens` });
  const mount = container.volumeMounts.at(-1)!;
  t.deepEqual(mount, { name: "auth-tokens", mountPath: folder, readOnly: true });
  t.deepEqual(pod.volumes.at(-1), {
    name: "auth-tokens",
    secret: { secretName: "ml-tokens", items: [{ key: "tokens", path: "tokens" }] },
  });
  t.false(JSON.stringify(template).includes("ml-tokens"));
});

test("probes ask the service itself; liveness asks nothing that depends on the model", (t) => {
  const { container } = build({ port: 8000 });
  t.deepEqual(container.startupProbe.httpGet, { path: "/health", port: "http" });
  t.deepEqual(container.readinessProbe.httpGet, { path: "/health", port: "http" });
  t.deepEqual(container.livenessProbe.httpGet, { path: "/live", port: "http" });
  t.deepEqual(container.ports, [
    { name: "http", containerPort: 8000, protocol: "TCP" },
    { name: "metrics", containerPort: 9090, protocol: "TCP" },
  ]);
});

for (const [front, ingressCidrs, seconds] of [
  ["a proxy in the cluster", [], 10],
  ["a load balancer that reaches pods itself, as an ALB, which takes longer to leave one alone", ["10.20.0.0/16"], 60],
] as const)
  test(`a pod told to stop serves on until it gets no more requests from ${front}`, (t) => {
    const { container, pod } = build({ network: { ingressCidrs } });
    t.is(container.lifecycle.preStop.sleep.seconds, seconds);
    t.is(pod.terminationGracePeriodSeconds, seconds + 30 + 5);
  });

test("the pod has no privilege, no token, and can write to /tmp alone", (t) => {
  const { container, pod } = build();
  t.like(pod, { automountServiceAccountToken: false, enableServiceLinks: false, serviceAccountName: "ml-inference" });
  t.deepEqual(pod.securityContext, {
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 1000,
    seccompProfile: { type: "RuntimeDefault" },
  });
  t.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
  });
  t.deepEqual(pod.volumes[1], { name: "tmp", emptyDir: { sizeLimit: "512Mi" } });
  t.deepEqual(container.volumeMounts[1], { name: "tmp", mountPath: "/tmp" });
});

test("pods spread over zones and hosts where they can, each revision by itself", (t) => {
  const constraints = build().pod.topologySpreadConstraints;
  t.deepEqual(
    constraints.map(({ topologyKey }) => topologyKey),
    ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
  );
  for (const constraint of constraints)
    t.like(constraint, { whenUnsatisfiable: "ScheduleAnyway", matchLabelKeys: ["pod-template-hash"], maxSkew: 1 });
});

test("pods go to nodes of the image's platform alone", (t) => {
  t.deepEqual(build().pod.nodeSelector, { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" });
  t.is(build({ platform: "linux/arm64" }).pod.nodeSelector["kubernetes.io/arch"], "arm64");
});

test("requests and limits are the settings'", (t) => {
  const { container } = build({ resources: { cpuRequest: "300m", memoryLimit: "1Gi" } });
  t.deepEqual(container.resources, {
    requests: { cpu: "300m", memory: "384Mi" },
    limits: { cpu: "1", memory: "1Gi" },
  });
});

for (const [cpuLimit, threads] of [
  ["1", "1"],
  ["1500m", "2"],
  ["2000m", "2"],
  ["0.5", "1"],
] as const)
  test(`a CPU limit of ${cpuLimit} is MODEL_THREADS ${threads}, a plain value that an operator may set by hand`, (t) => {
    const { env } = build({ resources: { cpuLimit } }).container;
    t.deepEqual(env.at(-1), { name: "MODEL_THREADS", value: threads });
  });
