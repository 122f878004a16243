import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import test from "ava";
import { parseConfig } from "../config.ts";
import type { EksServing } from "./eks.ts";
import { readConfigSchema } from "./schema.ts";
import { ConfigSource, type ConfigSources } from "./source.ts";

const schema = readConfigSchema(join(import.meta.dirname, "..", "..", "Pulumi.yaml"));
const defaults = Object.fromEntries([...schema].map(([key, { default: value }]) => [key, String(value)]));
const create = { cluster: "create", vpcId: "vpc-0a", privateSubnetIds: "subnet-0a,subnet-0b" };
const skips = { train: false, build: false, deploy: false };

function parse(
  values: Record<string, string> = {},
  environment: ConfigSources["environment"] = {},
  how: "sealed" | "plain" = "sealed",
): EksServing {
  const settings = { target: "eks", routeHost: "ml.example.com", ...values };
  const stackKeys = new Map(Object.keys(settings).map((key) => [key, how]));
  const source = new ConfigSource({ schema, stackKeys, values: { ...defaults, ...settings }, environment });
  return parseConfig(source, skips).serving as EksServing;
}

test("with a host name alone, the defaults are the production set-up", (t) => {
  const { aws, image, cluster, identity, workload, credentials } = parse();
  t.deepEqual(aws, { region: "eu-north-1", accountId: undefined });
  t.like(image, { repository: "ml-inference", platform: "linux/amd64", modelDelivery: "registry" });
  t.deepEqual(cluster, { kind: "adopt", name: "asgard-cluster" });
  t.like(identity, { method: "irsa", roleName: "ml-inference-role", namespace: "ml-inference" });
  t.like(workload.replicas, { min: 2, max: 10, cpuPercent: 70, memoryPercent: 80, scaleDownSeconds: 300 });
  t.is(workload.rolloutSeconds, 300);
  t.like(workload.route, { kind: "ingress", tls: "cert-manager", tlsSecret: "ml-inference-tls" });
  t.is(workload.trackingUri, "http://mlflow-service.asgard.svc.cluster.local:5000");
  t.is(credentials, undefined);
});

test("the environment's names reach image and account, and never the pods' MLflow", (t) => {
  const { image, aws, workload } = parse(
    {},
    {
      ECR_REPOSITORY: "models",
      IMAGE_TAG: "v3",
      AWS_REGION: "us-east-1",
      AWS_ACCOUNT_ID: "123456789012",
      MLFLOW_TRACKING_URI: "http://localhost:5000",
    },
  );
  t.like(image, { repository: "models", tag: "v3" });
  t.deepEqual(aws, { region: "us-east-1", accountId: "123456789012" });
  t.is(workload.region, "us-east-1");
  t.is(workload.trackingUri, "http://mlflow-service.asgard.svc.cluster.local:5000");
});

test("the image's platform is its pods' too", (t) => {
  const { image, workload } = parse({ imagePlatform: "linux/arm64" });
  t.is(image.platform, "linux/arm64");
  t.is(workload.platform, "linux/arm64");
});

test("an ALB with a certificate of ACM is chosen by tls alone", (t) => {
  const certificateArn = "arn:aws:acm:eu-north-1:123456789012:certificate/1";
  const { route } = parse({ tls: "acm", certificateArn, ingressAnnotations: '{"team":"ml"}' }).workload;
  t.like(route, { className: "alb", certificateArn, annotations: { team: "ml" } });
});

test("ports of pods are told where they aren't their Service's", (t) => {
  const { network } = parse().workload;
  t.false("mlflowPodPort" in network || "feastPodPort" in network);
  t.like(parse({ mlflowPodPort: "5001", feastPodPort: "6567" }).workload.network, {
    mlflowPodPort: 5001,
    feastPodPort: 6567,
  });
});

test("the service's tokens, limits and origins are the stack's", (t) => {
  t.is(parse().workload.authTokensSecret, "");
  const corsOrigins = "https://app.example.com, https://other.example.com:8443";
  const { service, authTokensSecret } = parse({ authTokensSecret: "ml-tokens", corsOrigins, maxRows: "500" }).workload;
  t.is(authTokensSecret, "ml-tokens");
  t.like(service, { corsOrigins: ["https://app.example.com", "https://other.example.com:8443"], maxRows: 500 });
});

test("the pods' feature server, and how it is asked, are the stack's, and never the shell's", (t) => {
  const given = { feastUri: "http://feast.features.svc:6566", feastTimeoutMs: "500", maxFeatureAge: "3600" };
  t.like(parse(given).workload.service, { ...given, feastTimeoutMs: 500, feastRetries: 2 });
  t.is(parse({}, { FEAST_SERVER_URL: "http://localhost:6566" }).workload.service.feastUri, "");
});

test("monitors and rules get labels, and alerts the address of their runbooks", (t) => {
  const { monitoringLabels, runbooks } = parse().workload;
  t.deepEqual({ monitoringLabels, runbooks }, { monitoringLabels: {}, runbooks: "docs/runbooks" });
  const labels = "release=kube-prometheus-stack, example.com/team=ml,empty=";
  t.like(parse({ monitoringLabels: labels, runbooks: "https://wiki.example.com" }).workload, {
    monitoringLabels: { release: "kube-prometheus-stack", "example.com/team": "ml", empty: "" },
    runbooks: "https://wiki.example.com",
  });
});

test("the API server of a cluster that is created answers from outside for stated addresses alone", (t) => {
  t.like(parse(create).cluster, { kind: "create", publicAccessCidrs: [] });
  const publicAccessCidrs = "192.0.2.0/24,2001:db8::/32";
  t.like(parse({ ...create, publicAccessCidrs }).cluster, { publicAccessCidrs: ["192.0.2.0/24", "2001:db8::/32"] });
});

for (const [key, value, more, expected] of [
  ["routeHost", "", {}, /config routeHost: expected the host name that clients use \(or route none\), got ""/],
  ["routeHost", "https://x.example", {}, /config routeHost/],
  ["gateway", "web", { route: "gateway" }, /config gateway: expected namespace\/name, got "web"/],
  ["certificateArn", "", { tls: "acm" }, /config certificateArn: expected a certificate's ARN/],
  ["ingressAnnotations", "a=b", {}, /config ingressAnnotations: expected a JSON object of strings/],
  ["ingressAnnotations", '{"a":1}', {}, /config ingressAnnotations/],
  ["cpuRequest", "1500m", {}, /config cpuRequest: expected at most cpuLimit \(1\), got 1500m/],
  ["memoryRequest", "1Gi", {}, /config memoryRequest: expected at most memoryLimit \(768Mi\), got 1Gi/],
  ["awsRegion", "north", {}, /config awsRegion: expected a region, as eu-north-1, got "north"/],
  ["awsAccountId", "1", {}, /config awsAccountId: expected an account's 12 digits/],
  ["artifactPrefix", "s3://bucket/*", {}, /config artifactPrefix: expected s3:\/\/bucket\/prefix/],
  ["imagePlatform", "windows", {}, /config imagePlatform: expected linux\/amd64 or linux\/arm64/],
  ["imageTag", "a b", {}, /config imageTag: expected an image's tag/],
  ["namespace", "ML", {}, /config namespace: expected a namespace's name/],
  ["servingTrackingUri", "mlruns", {}, /config servingTrackingUri: expected an MLflow server's address/],
  ["servingTrackingUri", "http://me:pw@host", {}, /config servingTrackingUri/],
  ["replicasMax", "1", {}, /config replicasMax: expected a whole number from 2 to 1000, got "1"/],
  ["rolloutMinutes", "0", {}, /config rolloutMinutes: expected a whole number from 1 to 60, got "0"/],
  ["cpuLimit", "lots", {}, /config cpuLimit: expected CPU, as 500m or 1/],
  ["memoryLimit", "512M", {}, /config memoryLimit: expected memory, as 512Mi or 1Gi/],
  ["ingressCidrs", "10.0.0.0/16, here", {}, /config ingressCidrs: expected an address range.*got "here"/],
  ["publicAccessCidrs", "office", create, /config publicAccessCidrs: expected an address range.*got "office"/],
  ["mlflowPodPort", "65536", {}, /config mlflowPodPort: expected a whole number from 0 to 65535/],
  ["feastUri", "http://me:pw@feast", {}, /config feastUri: expected a feature server's address/],
  ["feastTimeoutMs", "0", {}, /config feastTimeoutMs: expected a whole number from 1 to 60000/],
  ["feastRetries", "many", {}, /config feastRetries: expected a whole number from 0 to 10/],
  ["maxFeatureAge", "old", {}, /config maxFeatureAge: expected seconds, ttl or any, got "old"/],
  ["feastPodPort", "http", {}, /config feastPodPort: expected a whole number/],
  ["monitoringLabels", "release", {}, /config monitoringLabels: expected a label, as release=.*got "release"/],
  ["monitoringLabels", "a=b c", {}, /config monitoringLabels/],
  ["runbooks", "", {}, /config runbooks: expected an address or a folder, got ""/],
  ["identity", "keys", {}, /config identity: expected irsa or pod-identity or secret or none/],
  ["awsAccessKeyId", "", { identity: "secret" }, /config awsAccessKeyId: expected a value: .*--secret/],
  ["privateSubnetIds", "subnet-1", { cluster: "create" }, /config privateSubnetIds: expected at least two/],
  ["authTokensSecret", "ML", {}, /config authTokensSecret: expected a Secret's name, got "ML"/],
  ["authTokensFile", "tokens", {}, /config authTokensFile: .* target eks takes authTokensSecret/],
  ["corsOrigins", "https://app.example.com/", {}, /config corsOrigins: expected an origin/],
  ["port", "9090", {}, /config port: expected another one than the metrics' 9090/],
  ["monitoring", "maybe", {}, /config monitoring: expected on or off or auto/],
] as const) {
  test(`${key} = "${value}" is refused by name`, (t) => {
    t.throws(() => parse({ ...more, [key]: value }), { instanceOf: RunError, message: expected });
  });
}

test("pods sign in to MLflow by user and password or by token, and only where they ask it", (t) => {
  t.is(parse().mlflowCredentials, undefined);
  const user = { mlflowUsername: "pods", mlflowPassword: "hunter2" };
  t.deepEqual(parse(user).mlflowCredentials, { username: "pods", password: "hunter2" });
  t.deepEqual(parse({ mlflowToken: "abc" }).mlflowCredentials, { token: "abc" });
  t.is(parse({ ...user, modelDelivery: "image" }).mlflowCredentials, undefined);
});

for (const [given, message] of [
  [{ mlflowUsername: "pods" }, /config mlflowPassword: expected a value: .*--secret/],
  [{ mlflowPassword: "hunter2" }, /config mlflowUsername: expected a value/],
  [
    { mlflowToken: "hunter2", mlflowUsername: "pods", mlflowPassword: "hunter2" },
    /config mlflowToken: expected it, or mlflowUsername and mlflowPassword, got both/,
  ],
] as const)
  test(`${Object.keys(given).join(" and ")} alone is refused by name, and not repeated`, (t) => {
    const error = t.throws(() => parse(given), { instanceOf: RunError, message });
    t.notRegex(error.message, /hunter2/);
  });

for (const [key, values] of [
  ["awsAccessKeyId", { identity: "secret", awsAccessKeyId: "hunter2", awsSecretAccessKey: "hunter2" }],
  ["mlflowUsername", { mlflowUsername: "hunter2", mlflowPassword: "hunter2" }],
  ["mlflowToken", { mlflowToken: "hunter2" }],
] as const)
  test(`${key} in plain is refused by name, and not repeated`, (t) => {
    const message = new RegExp(`^config ${key}: expected it encrypted, got it in plain: .* config set ${key} --secret`);
    const error = t.throws(() => parse(values, {}, "plain"), { instanceOf: RunError, message });
    t.notRegex(error.message, /hunter2/);
  });

test("an access key is never repeated in an error", (t) => {
  const keys = { awsAccessKeyId: "AKIAEXAMPLE", awsSecretAccessKey: "" };
  const error = t.throws(() => parse({ identity: "secret", ...keys }), { instanceOf: RunError });
  t.regex(error.message, /awsSecretAccessKey/);
  t.notRegex(error.message, /AKIAEXAMPLE/);
});
