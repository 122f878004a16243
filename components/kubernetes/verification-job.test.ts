import test from "ava";
import { testExpectation, testImage } from "./fixtures/settings.ts";
import { verificationJob } from "./verification-job.ts";

function build({ configMap = "ml-inference-config-1", authTokensSecret = "" } = {}) {
  const expectation = JSON.stringify(testExpectation);
  return verificationJob({
    namespace: "ml-inference",
    port: 8000,
    platform: "linux/arm64",
    rolloutSeconds: 300,
    authTokensSecret,
    image: testImage,
    expectation,
    configMap,
  });
}

test("each run is a new Job: it has no name, and one that failed is replaced", (t) => {
  const { metadata } = build();
  t.false("name" in metadata);
  t.is(metadata.annotations["pulumi.com/replaceUnready"], "true");
});

test("it runs once, within a time, and stays to be read", (t) => {
  const { spec } = build();
  t.like(spec, { backoffLimit: 0, activeDeadlineSeconds: 420 });
  t.is(spec.template.spec.restartPolicy, "Never");
  t.false("ttlSecondsAfterFinished" in spec);
  t.is(spec.template.spec.containers[0]!.terminationMessagePolicy, "FallbackToLogsOnError");
});

test("the image asks every ready pod for what the stack expects", (t) => {
  const container = build().spec.template.spec.containers[0]!;
  t.is(container.image, testImage);
  t.deepEqual(container.args, ["inference/verify-pods.ts"]);
  t.deepEqual(container.env, [
    { name: "VERIFY_HOST", value: "ml-inference-pods.ml-inference.svc.cluster.local" },
    { name: "VERIFY_PORT", value: "8000" },
    { name: "VERIFY_SECONDS", value: "120" },
    { name: "MODEL_EXPECTATION_FILE", value: "/etc/ml-inference/expectation.json" },
  ]);
});

test("where pods ask for a token, it has those of the same Secret", (t) => {
  const { containers, volumes } = build({ authTokensSecret: "ml-tokens" }).spec.template.spec;
  const folder = "/etc/ml-inference-tokens";
  t.deepEqual(containers[0]!.env.at(-1), { name: "AUTH_TOKENS_FILE", value: `${folder}/tokens` });
  t.deepEqual(containers[0]!.volumeMounts.at(-1), { name: "auth-tokens", mountPath: folder, readOnly: true });
  t.deepEqual(volumes.at(-1), {
    name: "auth-tokens",
    secret: { secretName: "ml-tokens", items: [{ key: "tokens", path: "tokens" }] },
  });
});

test("it runs on nodes of the image's platform", (t) => {
  t.deepEqual(build().spec.template.spec.nodeSelector, { "kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64" });
});

test("its pods are none of the service's", (t) => {
  t.is(build().spec.template.metadata.labels.app, "ml-inference-verify");
});

test("another configuration is another Job", (t) => {
  t.notDeepEqual(build({ configMap: "ml-inference-config-2" }).spec.template, build().spec.template);
});
