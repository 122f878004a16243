import { ecr } from "@pulumi/aws";
import { Image } from "@pulumi/docker";
import { apps, batch, core, Provider } from "@pulumi/kubernetes";
import { Config, interpolate } from "@pulumi/pulumi";

/** What a test varies. */
interface Wanted {
  readonly space: string;
  readonly setting?: string;
  readonly force?: boolean;
  readonly upsert?: boolean;
  readonly podFailure?: string;
  readonly jobFailure?: string;
}

const {
  space,
  setting = "a",
  force,
  upsert,
  podFailure,
  jobFailure,
}: Wanted = JSON.parse(new Config().require("wanted"));

const repository = new ecr.Repository("images", { name: "stand-in", imageTagMutability: "MUTABLE", forceDelete: true });
const image = new Image("image", {
  imageName: interpolate`${repository.repositoryUrl}:test`,
  build: { context: ".", dockerfile: "Dockerfile", platform: "linux/amd64" },
});

const provider = new Provider("kubernetes", upsert ? { upsertExistingObjects: true } : {});
const namespace = new core.v1.Namespace("space", { metadata: { name: space } }, { provider });
const metadata = { namespace: namespace.metadata.name };
const config = new core.v1.ConfigMap(
  "config",
  { metadata: { ...metadata, name: `config-${setting}` }, immutable: true, data: { SETTING: setting } },
  { provider, retainOnDelete: true },
);
const labels = { app: "stand-in" };
const annotations = { "pulumi.com/timeoutSeconds": "30", ...(force && { "pulumi.com/patchForce": "true" }) };
const probe = { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 };
const deployment = new apps.v1.Deployment(
  "deployment",
  {
    metadata: { ...metadata, name: "stand-in", annotations },
    spec: {
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: "stand-in",
              image: image.repoDigest,
              env: [{ name: "FAILURE", value: podFailure ?? "" }],
              envFrom: [{ configMapRef: { name: config.metadata.name } }],
              readinessProbe: probe,
              terminationMessagePolicy: "FallbackToLogsOnError",
            },
          ],
        },
      },
    },
  },
  { provider },
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
          containers: [
            {
              name: "verify",
              image: image.repoDigest,
              env: [
                { name: "ONCE", value: setting },
                { name: "FAILURE", value: jobFailure ?? "" },
              ],
              terminationMessagePolicy: "FallbackToLogsOnError",
            },
          ],
        },
      },
    },
  },
  { provider, dependsOn: [deployment] },
);

export const { repoDigest } = image;
