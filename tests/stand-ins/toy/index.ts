import { ecr, getCallerIdentityOutput, iam, s3 } from "@pulumi/aws";
import { Image } from "@pulumi/docker";
import { Cluster, ManagedNodeGroup } from "@pulumi/eks";
import { apps, batch, core, Provider } from "@pulumi/kubernetes";
import { Config, interpolate, secret } from "@pulumi/pulumi";

/** What a test varies. */
interface Wanted {
  readonly tag?: string;
  readonly setting?: string;
  readonly replicas?: number;
  readonly force?: boolean;
  readonly upsert?: boolean;
  readonly cluster?: boolean;
  readonly bucket?: boolean;
  readonly typo?: boolean;
}

const {
  tag = "one",
  setting = "a",
  replicas,
  force,
  upsert,
  cluster,
  bucket,
  typo,
}: Wanted = JSON.parse(new Config().require("wanted"));

const repository = new ecr.Repository("images", {
  name: "toy",
  imageTagMutability: "IMMUTABLE",
  ...(typo && ({ imageScanningConfiguration: { scanOnPull: true } } as object)),
});
new ecr.LifecyclePolicy("images-lifecycle", {
  repository: repository.name,
  policy: JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 30 },
        action: { type: "expire" },
      },
    ],
  }),
});
const { password, userName } = ecr.getAuthorizationTokenOutput({ registryId: repository.registryId });
const image = new Image("image", {
  imageName: interpolate`${repository.repositoryUrl}:${tag}`,
  build: { context: ".", dockerfile: "Dockerfile", platform: "linux/amd64" },
  registry: { server: repository.repositoryUrl, username: userName, password: secret(password) },
});
const assumeRolePolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const role = new iam.Role("role", { name: "toy", assumeRolePolicy });
if (cluster) {
  const {
    core: data,
    eksCluster,
    instanceRoles,
  } = new Cluster("cluster", {
    name: "toy-cluster",
    subnetIds: ["subnet-1", "subnet-2"],
    createOidcProvider: true,
    skipDefaultNodeGroup: true,
    createInstanceRole: true,
  });
  new ManagedNodeGroup("nodes", {
    cluster: data,
    clusterName: eksCluster.name,
    nodeRoleArn: instanceRoles.apply(([first]) => first!.arn),
    subnetIds: ["subnet-1", "subnet-2"],
    enableIMDSv2: true,
  });
}
if (bucket) new s3.Bucket("bucket");

const provider = new Provider("kubernetes", upsert ? { upsertExistingObjects: true } : {});
const within = { provider };
const namespace = new core.v1.Namespace("space", { metadata: { name: "toy" } }, within);
const metadata = { namespace: namespace.metadata.name };
const config = new core.v1.ConfigMap(
  "config",
  { metadata: { ...metadata, name: "config" }, immutable: true, data: { SETTING: setting } },
  within,
);
const credentials = new core.v1.Secret(
  "credentials",
  { metadata: { ...metadata, name: "credentials" }, stringData: { key: secret("hidden-key") } },
  within,
);
const labels = { app: "toy" };
const deployment = new apps.v1.Deployment(
  "deployment",
  {
    metadata: { ...metadata, name: "toy", ...(force && { annotations: { "pulumi.com/patchForce": "true" } }) },
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: "default",
          containers: [
            {
              name: "toy",
              image: image.repoDigest,
              env: [{ name: "SETTING", value: setting }],
              envFrom: [
                { configMapRef: { name: config.metadata.name } },
                { secretRef: { name: credentials.metadata.name } },
              ],
            },
          ],
        },
      },
    },
  },
  within,
);
new batch.v1.Job(
  "verify",
  {
    metadata: { ...metadata, annotations: { "pulumi.com/replaceUnready": "true" } },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "verify", image: image.repoDigest, env: [{ name: "SETTING", value: setting }] }],
        },
      },
    },
  },
  { ...within, dependsOn: [deployment] },
);

export const account = getCallerIdentityOutput().accountId;
export const { repoDigest } = image;
export const roleArn = role.arn;
