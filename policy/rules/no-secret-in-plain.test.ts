import test from "ava";
import { changed, keys, permits, refuses } from "../fixtures/changed.ts";
import { deployment, marked, others, resource, unknown } from "../fixtures/good.ts";
import { noSecretInPlain } from "./no-secret-in-plain.ts";

const env = "spec.template.spec.containers[0].env[0]";
const jwt = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJ0ZXN0In0", "c2lnbmF0dXJl"].join(".");
const key = `-----BEGIN ${"RSA"} PRIVATE KEY-----\nMIIE`;
const secrets: Readonly<Record<string, string>> = {
  "an AWS access key": "AKIAIOSFODNN7EXAMPLE",
  "a private key": key,
  "a key of a kubeconfig": `users:\n- user:\n    client-key-data: ${"QUJD".repeat(8)}\n`,
  "a password in a URL": "postgres://mlflow:hunter2@db.example:5432/mlflow",
  "a GitHub token": `ghp_${"a1".repeat(18)}`,
  "a GitLab token": `glpat-${"a1".repeat(10)}`,
  "a Slack token": `xoxb-${"1".repeat(12)}`,
  "a Databricks token": `dapi${"0a".repeat(16)}`,
  "a Pulumi token": `pul-${"0a".repeat(20)}`,
  "an npm token": `npm_${"a1".repeat(18)}`,
  "a Hugging Face token": `hf_${"a1".repeat(17)}`,
  "a signed token": `Bearer ${jwt}`,
};

for (const [what, text] of Object.entries(secrets)) {
  test(`refused: ${what}, in an environment, a ConfigMap, an annotation and anything else`, (t) => {
    refuses(t, noSecretInPlain, deployment, `${env}.value`, text);
    refuses(t, noSecretInPlain, others.configMap!, "data.setting", text);
    refuses(t, noSecretInPlain, others.ingress!, "metadata.annotations.note", text);
    refuses(t, noSecretInPlain, others.unknownType!, "nested[0].setting", text);
  });

  test(`a problem doesn't repeat it: ${what}`, (t) => {
    const [problem] = noSecretInPlain.check(changed(deployment, keys(`${env}.value`), text));
    t.false(problem!.includes(text));
  });
}

for (const name of ["DB_PASSWORD", "AWS_SECRET_ACCESS_KEY", "MLFLOW_TRACKING_TOKEN", "apiKey", "client_secret"]) {
  test(`a value by the name of ${name} is refused`, (t) => {
    refuses(t, noSecretInPlain, deployment, env, { name, value: "hunter2" }, `${env}.value`);
    refuses(t, noSecretInPlain, others.configMap!, `data.${name}`, "hunter2");
    refuses(t, noSecretInPlain, others.unknownType!, name, "hunter2");
  });
}

for (const [name, value] of [
  ["AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/token"],
  ["DB_PASSWORD", "$(OTHER)"],
  ["CERTIFICATE_SECRET", "arn:aws:secretsmanager:eu-north-1:123456789012:secret:a"],
  ["creationToken", "stack-1"],
  ["DATABASE_URL", "postgres://mlflow:$(PASSWORD)@db.example/mlflow"],
  ["MLFLOW_TRACKING_URI", "http://mlflow-service.asgard.svc.cluster.local:5000"],
  ["imagePullPolicy", "Always"],
  ["DB_PASSWORD", unknown],
] as const) {
  test(`no secret is seen in ${name}=${value}`, (t) => {
    permits(t, noSecretInPlain, deployment, env, { name, value });
    permits(t, noSecretInPlain, others.unknownType!, name, value);
  });
}

test("a mark keeps a value from the state's readers, and not from those of a Deployment", (t) => {
  const value = marked(secrets["an AWS access key"]);
  permits(t, noSecretInPlain, others.unknownType!, "password", marked("hunter2"));
  permits(t, noSecretInPlain, others.unknownType!, "nested", marked({ password: "hunter2" }));
  refuses(t, noSecretInPlain, deployment, `${env}.value`, value);
});

test("what a Secret holds is marked: each value, all of them, or none where it is known later", (t) => {
  const secret = others.secret!;
  refuses(t, noSecretInPlain, secret, "stringData.AWS_SECRET_ACCESS_KEY", "abc");
  refuses(t, noSecretInPlain, secret, "data.key", "YWJj");
  permits(t, noSecretInPlain, secret, "stringData", marked({ key: "abc" }));
  permits(t, noSecretInPlain, secret, "stringData.key", unknown);
  refuses(t, noSecretInPlain, secret, "metadata.annotations.copy", secrets["a private key"]);
});

test("where marks are gone, only what any reader sees is judged", (t) => {
  const pack = (type: string, properties: object) =>
    noSecretInPlain.check({ ...resource(type, properties), marked: false });
  t.deepEqual(pack("kubernetes:core/v1:Secret", { stringData: { password: "hunter2" } }), []);
  t.deepEqual(pack("docker:index/image:Image", { registry: { password: "hunter2" } }), []);
  t.is(pack("kubernetes:core/v1:ConfigMap", { data: { password: "hunter2" } }).length, 1);
});
