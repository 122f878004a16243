import { RunError } from "@pulumi/pulumi";
import type { Credentials } from "../../mlflow/rest/credentials.ts";
import type { ClusterSettings } from "../aws/cluster.ts";
import type { IdentitySettings } from "../aws/identity.ts";
import type { AwsSettings } from "../aws/provider.ts";
import type { Skips } from "../config.ts";
import type { ImageSettings } from "../image/plan.ts";
import type { AwsCredentials } from "../kubernetes/pod-secret.ts";
import type { WorkloadSettings } from "../kubernetes/workload-settings.ts";
import type { ConfigSource } from "./source.ts";
import { parseWorkload } from "./workload.ts";

/** A workload on Kubernetes, with its image and its identity in AWS. */
export interface EksServing {
  readonly target: "eks";
  readonly aws: AwsSettings;
  readonly image: ImageSettings;
  readonly cluster: ClusterSettings;
  /** Context of the kubeconfig at hand; undefined deploys through EKS's own endpoint. */
  readonly kubeContext: string | undefined;
  readonly identity: IdentitySettings;
  /** Access keys of identity `secret`; undefined with the others. */
  readonly credentials: AwsCredentials | undefined;
  /** What pods sign in to MLflow with; undefined where it asks for nothing, or they don't ask it. */
  readonly mlflowCredentials: Credentials | undefined;
  readonly workload: Omit<WorkloadSettings, "monitoring">;
  /** Whether monitoring objects are made; `auto` asks the cluster whether it has their kinds. */
  readonly monitoring: "on" | "off" | "auto";
}

/** @throws RunError that names the key, what was expected and what came. */
export function parseEksServing(source: ConfigSource, { build: skipBuild }: Pick<Skips, "build">): EksServing {
  const region = source.match("awsRegion", /^[a-z]{2}(-[a-z]+)+-\d$/, "a region, as eu-north-1");
  const accountId = source.match("awsAccountId", /^(\d{12})?$/, "an account's 12 digits");
  const method = source.choice("identity", ["irsa", "pod-identity", "secret", "none"]);
  const artifactPrefix = source.match(
    "artifactPrefix",
    /^(s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^*?]*)?)?$/,
    "s3://bucket/prefix, without wildcards",
  );
  const image = parseImage(source);
  const { platform, modelDelivery } = image;
  const workload = parseWorkload(source, { region, identity: method, platform, modelDelivery });
  const { namespace } = workload;
  const roleName = source.match("roleName", /^[\w+=,.@-]{1,64}$/, "a role's name");
  return {
    target: "eks",
    aws: { region, accountId: accountId || undefined },
    image: { ...image, skipBuild },
    cluster: parseCluster(source, method),
    kubeContext: source.string("kubeContext") || undefined,
    identity: { method, roleName, artifactPrefix: artifactPrefix || undefined, namespace },
    credentials:
      method === "secret"
        ? { accessKeyId: source.secret("awsAccessKeyId"), secretAccessKey: source.secret("awsSecretAccessKey") }
        : undefined,
    mlflowCredentials: workload.modelDelivery === "registry" ? parseMlflowCredentials(source) : undefined,
    workload,
    monitoring: source.choice("monitoring", ["on", "off", "auto"]),
  };
}

/** A token, or user and password, as MLflow's clients take them. */
function parseMlflowCredentials(source: ConfigSource): Credentials | undefined {
  const has = (key: string) => source.string(key) !== "";
  const hasToken = has("mlflowToken");
  const hasUser = has("mlflowUsername") || has("mlflowPassword");
  if (hasToken && hasUser)
    throw new RunError("config mlflowToken: expected it, or mlflowUsername and mlflowPassword, got both");
  if (hasUser) return { username: source.secret("mlflowUsername"), password: source.secret("mlflowPassword") };
  return hasToken ? { token: source.secret("mlflowToken") } : undefined;
}

function parseImage(source: ConfigSource): Omit<ImageSettings, "skipBuild"> {
  return {
    repository: source.match("ecrRepository", /^[a-z0-9]+([._/-][a-z0-9]+)*$/, "an ECR repository's name"),
    tag: source.match("imageTag", /^([A-Za-z0-9_][\w.-]{0,127})?$/, "an image's tag"),
    platform: source.choice("imagePlatform", ["linux/amd64", "linux/arm64"]),
    keep: source.integer("imageKeep", 0, 10_000),
    modelDelivery: source.choice("modelDelivery", ["registry", "image"]),
  };
}

function parseCluster(source: ConfigSource, identity: IdentitySettings["method"]): ClusterSettings {
  const name = source.match("clusterName", /^[A-Za-z0-9][\w-]{0,99}$/, "an EKS cluster's name");
  if (source.choice("cluster", ["adopt", "create"]) === "adopt") return { kind: "adopt", name };
  const subnet = /^subnet-[0-9a-f]+$/;
  const privateSubnetIds = source.list("privateSubnetIds", subnet, "a subnet's id, as subnet-0123abcd");
  if (privateSubnetIds.length < 2)
    throw new RunError(
      `config privateSubnetIds: expected at least two, in different zones, to create ${name} in, got ${privateSubnetIds.length}`,
    );
  const nodesMin = source.integer("nodesMin", 1, 1000);
  return {
    kind: "create",
    name,
    version: source.match("kubernetesVersion", /^1\.\d{2}$/, "a version, as 1.34"),
    vpcId: source.match("vpcId", /^vpc-[0-9a-f]+$/, "a VPC's id, as vpc-0123abcd"),
    privateSubnetIds,
    publicSubnetIds: source.list("publicSubnetIds", subnet, "a subnet's id, as subnet-0123abcd"),
    instanceType: source.match("nodeInstanceType", /^[a-z0-9-]+\.[a-z0-9]+$/, "an instance type, as m7i.large"),
    nodesMin,
    nodesMax: source.integer("nodesMax", nodesMin, 1000),
    adminRoleArn:
      source.match("adminRoleArn", /^(arn:aws[\w-]*:iam::\d{12}:role\/.+)?$/, "an IAM role's ARN") || undefined,
    podIdentity: identity === "pod-identity",
    publicAccessCidrs: source.cidrs("publicAccessCidrs"),
  };
}
