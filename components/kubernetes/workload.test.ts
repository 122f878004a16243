import { type Input, InputPropertyError, isUnknown, output, runtime, secret, unknown } from "@pulumi/pulumi";
import test from "ava";
import { isSecret, Recorded, type Registered } from "./fixtures/recorded.ts";
import { type SettingsChanges, testExpectation, testImage, testSettings } from "./fixtures/settings.ts";
import type { WorkloadArgs } from "./workload.ts";

const roleArn = "arn:aws:iam::123456789012:role/ml-inference-role";
const credentials = secret({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "very secret" });

interface Changes {
  readonly settings?: SettingsChanges;
  readonly identity?: Pick<WorkloadArgs, "roleArn" | "credentials" | "mlflowCredentials">;
  readonly image?: Input<string>;
  readonly version?: string;
  readonly preview?: boolean;
}

/** Runs a program of a workload and its verification, to its end. */
async function run({
  settings,
  identity = { roleArn },
  image = testImage,
  version = "3",
  preview = false,
}: Changes = {}) {
  const recorded = await Recorded.start({ preview });
  const { Workload } = await import("./workload.ts");
  const { Verification } = await import("./verification.ts");
  const options = { transformations: [recorded.options] };
  const expectation = output({ ...testExpectation, modelVersion: version });
  const common = { settings: testSettings(settings), image, expectation };
  try {
    const workload = new Workload("inference", { ...common, ...identity }, options);
    new Verification("verification", { ...common, workload }, options);
    return recorded;
  } finally {
    await runtime.disconnect();
  }
}

const containerOf = ({ inputs }: Registered) => inputs.spec.template.spec.containers[0];

test.serial("a workload is these objects, and the Job that proves it", async (t) => {
  const recorded = await run();
  const kinds = recorded.resources.map(({ inputs, type }) => inputs.kind ?? type);
  t.deepEqual(kinds.sort(), [
    ...["ConfigMap", "ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Ingress", "Job", "Namespace"],
    ...["NetworkPolicy", "NetworkPolicy", "NetworkPolicy", "NetworkPolicy", "PodDisruptionBudget", "PrometheusRule"],
    ...["Service", "Service", "ServiceAccount", "ServiceMonitor"],
    ...["pipeline:kubernetes:Workload", "pipeline:serving:Verification"],
  ]);
  t.is(containerOf(recorded.one("Deployment")).image, testImage);
  t.like(recorded.one("ServiceAccount").inputs.metadata.annotations, { "eks.amazonaws.com/role-arn": roleArn });
});

test.serial(
  "a Gateway gets an HTTPRoute; without monitoring kinds there are none, and without a route no way in",
  async (t) => {
    const gateway = { kind: "gateway", gateway: "infra/public" } as const;
    const recorded = await run({ settings: { route: gateway, monitoring: false } });
    t.is(recorded.one("HTTPRoute").inputs.metadata.name, "ml-inference-ingress");
    for (const kind of ["Ingress", "ServiceMonitor", "PrometheusRule"]) t.deepEqual(recorded.kind(kind), []);
    const without = await run({ settings: { route: { kind: "none" } } });
    for (const kind of ["Ingress", "HTTPRoute"]) t.deepEqual(without.kind(kind), []);
  },
);

test.serial(
  "pods start after all that they need and that guards them; Services, which wait for pods, come after them",
  async (t) => {
    const recorded = await run({ settings: { identity: "secret" }, identity: { credentials } });
    const deployment = recorded.one("Deployment");
    const earlier = ["Namespace", "ServiceAccount", "Secret", "NetworkPolicy"].flatMap((kind) => recorded.kind(kind));
    const config = recorded.resources.find(({ name }) => name === "inference-config")!;
    for (const resource of [...earlier, config]) t.true(recorded.needs(deployment, resource), resource.name);
    for (const service of recorded.kind("Service")) t.true(recorded.needs(service, deployment));
    const namespaced = recorded.resources.filter(({ inputs }) => inputs.metadata?.namespace);
    for (const resource of namespaced) t.true(recorded.needs(resource, recorded.one("Namespace")), resource.name);
  },
);

test.serial("the Job runs after the rollout, and needs the name of its pods", async (t) => {
  const recorded = await run();
  const job = recorded.one("Job");
  t.is(job.name, "ml-inference-verify");
  t.is(job.inputs.metadata.name, undefined);
  t.true(recorded.needs(job, recorded.one("Deployment")));
  t.true(recorded.needs(job, recorded.resources.find(({ name }) => name === "inference-pods")!));
});

test.serial("what the provider waits for fails soon after its own deadline, and not ten minutes later", async (t) => {
  const recorded = await run({ settings: { rolloutSeconds: 120 } });
  const deployment = recorded.one("Deployment");
  t.is(deployment.inputs.spec.progressDeadlineSeconds, 120);
  for (const resource of [deployment, ...recorded.kind("Service"), recorded.one("Ingress")])
    t.deepEqual(recorded.optionsOf(resource).customTimeouts, { create: "150s", update: "150s" }, resource.name);
  const job = recorded.one("Job");
  t.is(job.inputs.spec.activeDeadlineSeconds, 240);
  t.deepEqual(recorded.optionsOf(job).customTimeouts, { create: "270s", update: "270s" });
});

test.serial("the pods' configuration outlives its place in the program", async (t) => {
  const recorded = await run();
  const config = recorded.resources.find(({ name }) => name === "inference-config")!;
  t.true(recorded.optionsOf(config).retainOnDelete);
  t.is(containerOf(recorded.one("Deployment")).envFrom[0].configMapRef.name, config.inputs.metadata.name);
});

test.serial("all but what can't change takes back what others set by hand", async (t) => {
  const recorded = await run({ settings: { identity: "secret" }, identity: { credentials } });
  const forced = recorded.resources.filter(
    ({ inputs }) => inputs.metadata?.annotations["pulumi.com/patchForce"] === "true",
  );
  const not = recorded.resources.filter((resource) => resource.inputs.kind && !forced.includes(resource));
  t.deepEqual(
    not.map(({ inputs }) => inputs.kind),
    ["Job"],
  );
});

test.serial("another version changes the Deployment and the Job, and nothing else", async (t) => {
  const manifests = ({ resources }: Recorded) =>
    new Map(resources.map(({ name, inputs }) => [name, JSON.stringify(inputs)]));
  const [one, other] = [manifests(await run()), manifests(await run({ version: "4" }))];
  t.deepEqual([...one.keys()].filter((name) => one.get(name) !== other.get(name)).sort(), [
    "inference-deployment",
    "ml-inference-verify",
  ]);
});

test.serial("another configuration changes them too", async (t) => {
  const job = async (logLevel: string) => JSON.stringify((await run({ settings: { logLevel } })).one("Job"));
  t.not(await job("debug"), await job("info"));
});

test.serial("keys go to the Secret as secrets, and nowhere else", async (t) => {
  const recorded = await run({ settings: { identity: "secret" }, identity: { credentials } });
  t.true(isSecret(recorded.one("Secret").inputs.stringData));
  const others = recorded.resources.filter(({ type }) => !type.endsWith(":Secret"));
  t.false(JSON.stringify(others).includes("very secret"));
  t.false(JSON.stringify(others).includes("AKIAIOSFODNN7EXAMPLE"));
  const { spec } = recorded.one("Deployment").inputs;
  t.false(isSecret(spec));
  t.regex(spec.template.metadata.annotations["ml-deployment-pipeline/aws-credentials"], /^[0-9a-f]{8}$/);
});

test.serial("what pods sign in to MLflow with is a Secret of its own, and another password rolls them", async (t) => {
  const signIn = async (password: string) => {
    const mlflowCredentials = secret({ username: "pods", password });
    const recorded = await run({ identity: { roleArn, mlflowCredentials } });
    const { metadata, stringData } = recorded.one("Secret").inputs;
    t.is(metadata.name, "mlflow-credentials");
    t.true(isSecret(stringData));
    t.deepEqual(stringData.value, { MLFLOW_TRACKING_USERNAME: "pods", MLFLOW_TRACKING_PASSWORD: password });
    t.deepEqual(containerOf(recorded.one("Deployment")).envFrom[1], { secretRef: { name: metadata.name } });
    const others = recorded.resources.filter(({ type }) => !type.endsWith(":Secret"));
    t.false(JSON.stringify(others).includes(password));
    return JSON.stringify(recorded.one("Deployment"));
  };
  t.is(await signIn("correct horse"), await signIn("correct horse"));
  t.not(await signIn("correct horse"), await signIn("battery staple"));
});

test.serial("a token is the other way in", async (t) => {
  const recorded = await run({ identity: { roleArn, mlflowCredentials: secret({ token: "abc" }) } });
  t.deepEqual(recorded.one("Secret").inputs.stringData.value, { MLFLOW_TRACKING_TOKEN: "abc" });
});

test.serial("a preview that doesn't know the image yet still shows all else", async (t) => {
  const recorded = await run({ image: unknown as unknown as string, preview: true });
  for (const kind of ["Deployment", "Job"]) {
    const container = containerOf(recorded.one(kind));
    t.true(isUnknown(container.image));
    t.true(container.env.length > 0);
  }
  t.is(recorded.one("Deployment").inputs.metadata.name, "ml-inference");
});

for (const [identity, given, message] of [
  ["irsa", {}, /^roleArn: expected one where identity is irsa, got none$/],
  ["secret", {}, /^credentials: expected one where identity is secret, got none$/],
  ["none", { roleArn }, /^roleArn: expected none where identity is none, got one$/],
] as const) {
  test.serial(`identity ${identity} given ${Object.keys(given)[0] ?? "nothing"} is refused by name`, async (t) => {
    await t.throwsAsync(run({ settings: { identity }, identity: given }), { instanceOf: InputPropertyError, message });
  });
}
