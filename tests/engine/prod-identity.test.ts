import test from "ava";
import { ProdStack } from "./prod-stack.ts";

const keys = { awsAccessKeyId: "AKIASTANDINKEY000000", awsSecretAccessKey: "stand-in/secret+access/key" };

const stack = await ProdStack.make({ artifactPrefix: "s3://models/churn" });
const { project, standIns } = stack;
const { issuer } = standIns.aws.addCluster("asgard-cluster");
test.after.always(() => stack.remove());

interface Statement {
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: unknown;
}

/** Statements of the role's trust policy. */
function trusted(): Statement[] {
  const [role] = standIns.registered("aws:iam/role:Role");
  return JSON.parse(role!.inputs.assumeRolePolicy as string).Statement;
}

/** Annotations of the pods' ServiceAccount. */
function annotations(): Record<string, string> {
  const [account] = standIns.registered("kubernetes:core/v1:ServiceAccount");
  return (account!.inputs.metadata as { annotations: Record<string, string> }).annotations;
}

test.serial(
  "irsa: the ServiceAccount alone takes the role, by the subject and the audience of its token",
  async (t) => {
    await stack.up();
    const host = issuer.slice("https://".length);
    t.like(trusted()[0], {
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: {
        StringEquals: {
          [`${host}:sub`]: "system:serviceaccount:ml-inference:ml-inference",
          [`${host}:aud`]: "sts.amazonaws.com",
        },
      },
    });
    t.is(annotations()["eks.amazonaws.com/role-arn"], "arn:aws:iam::123456789012:role/ml-inference-role");
  },
);

test.serial("the role reads the artifacts' prefix, and nothing else", (t) => {
  const [policy] = standIns.registered("aws:iam/rolePolicy:RolePolicy");
  const { Statement } = JSON.parse(policy!.inputs.policy as string) as { Statement: Statement[] };
  t.deepEqual(
    Statement.map(({ Action, Resource }) => [Action, Resource]),
    [
      [["s3:GetObject"], ["arn:aws:s3:::models/churn/*"]],
      [["s3:ListBucket"], ["arn:aws:s3:::models"]],
    ],
  );
});

test.serial("pod-identity: an association gives the role, to new pods of this cluster alone", async (t) => {
  await project.configure({ identity: "pod-identity" });
  t.deepEqual(await stack.up(), [
    "create aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "update aws:iam/role:Role",
    "update kubernetes:apps/v1:Deployment",
    "update kubernetes:core/v1:ServiceAccount",
    "update kubernetes:networking.k8s.io/v1:NetworkPolicy",
  ]);
  const [association] = standIns.registered("aws:eks/podIdentityAssociation:PodIdentityAssociation");
  t.like(association!.inputs, {
    clusterName: "asgard-cluster",
    namespace: "ml-inference",
    serviceAccount: "ml-inference",
    roleArn: "arn:aws:iam::123456789012:role/ml-inference-role",
  });
  t.like(trusted()[0], { Principal: { Service: "pods.eks.amazonaws.com" } });
  t.is(annotations()["eks.amazonaws.com/role-arn"], undefined);
  t.deepEqual(stack.violations(), []);
});

test.serial("secret: access keys that are missing are asked for by their names", async (t) => {
  await project.configure({ identity: "secret" });
  t.regex(
    await project.failingUp(),
    /config awsAccessKeyId: expected a value: npm run pulumi -- config set awsAccessKeyId/,
  );
});

test.serial("secret: the pods take the keys from a Secret, and no role is left", async (t) => {
  for (const [key, value] of Object.entries(keys))
    t.is((await project.pulumi("config", "set", "--secret", key, value, "--stack", "prod")).status, 0);
  const changes = await stack.up();
  t.true(changes.includes("create kubernetes:core/v1:Secret"));
  t.true(changes.includes("delete aws:iam/role:Role"));
  const secret = await standIns.cluster.get({
    apiVersion: "v1",
    kind: "Secret",
    namespace: "ml-inference",
    name: "aws-credentials",
  });
  t.is(
    (secret as unknown as { data: Record<string, string> }).data.AWS_SECRET_ACCESS_KEY,
    base64(keys.awsSecretAccessKey),
  );
  t.deepEqual(stack.violations(), []);
});

test.serial(
  "secret: the keys are in plain neither in the state nor in any other resource, output or printed line",
  async (t) => {
    const up = await project.deploy();
    const others = standIns.registered().filter(({ type }) => type !== "kubernetes:core/v1:Secret");
    const shown = {
      state: (await project.pulumi("stack", "export", "--stack", "prod")).stdout,
      outputs: (await project.pulumi("stack", "output", "--json", "--stack", "prod")).stdout,
      preview: (await project.pulumi("preview", "--diff", "--stack", "prod")).output,
      deploy: JSON.stringify(up),
      resources: JSON.stringify(others),
    };
    for (const [where, text] of Object.entries(shown))
      for (const value of Object.values(keys).flatMap((key) => [key, base64(key)]))
        t.false(text.includes(value), where);
    const secrets = standIns.registered("kubernetes:core/v1:Secret");
    t.is(secrets.length, 1);
    t.false(JSON.stringify(secrets[0]!.wire.metadata).includes(keys.awsAccessKeyId));
  },
);

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
