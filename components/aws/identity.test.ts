import test from "ava";
import { known, RecordedStack } from "./fixtures/recorded-stack.ts";
import { hasRole, Identity, type IdentityArgs } from "./identity.ts";

const settings: IdentityArgs["settings"] = {
  method: "irsa",
  roleName: "ml-inference-role",
  artifactPrefix: "s3://models/mlflow",
  namespace: "ml-inference",
};
const cluster = {
  name: "asgard-cluster",
  issuer: "oidc.eks.example/id/A",
  oidcProviderArn: "arn:aws:iam::123456789012:oidc-provider/oidc.eks.example/id/A",
};

async function made(wanted: Partial<IdentityArgs["settings"]> = {}, partition = "aws") {
  const outputs = {
    "aws:iam/role:Role": ({ name }: { name: string }) => ({ arn: `arn:aws:iam::123456789012:role/${name}` }),
  };
  const stack = await RecordedStack.start({
    outputs,
    calls: { "aws:index/getPartition:getPartition": () => ({ partition }) },
  });
  const identity = new Identity("identity", { settings: { ...settings, ...wanted }, cluster });
  await stack.settled();
  return { stack, roleArn: await known(identity.roleArn) };
}

test.serial("IRSA: a role for the ServiceAccount that may read the artifacts", async (t) => {
  const { stack, roleArn } = await made();
  t.is(roleArn, "arn:aws:iam::123456789012:role/ml-inference-role");
  const [role] = stack.ofType("aws:iam/role:Role");
  t.is(role?.inputs.name, "ml-inference-role");
  const [trust] = JSON.parse(role?.inputs.assumeRolePolicy).Statement;
  t.deepEqual(trust.Condition, {
    StringEquals: {
      "oidc.eks.example/id/A:aud": "sts.amazonaws.com",
      "oidc.eks.example/id/A:sub": "system:serviceaccount:ml-inference:ml-inference",
    },
  });
  const [policy] = stack.ofType("aws:iam/rolePolicy:RolePolicy");
  t.like(policy?.inputs, { role: "ml-inference-role", name: "read-artifacts" });
  t.deepEqual(JSON.parse(policy?.inputs.policy).Statement[0].Resource, ["arn:aws:s3:::models/mlflow/*"]);
  t.is(stack.ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation").length, 0);
});

test.serial("Pod Identity: the same role, trusted to EKS, and its association", async (t) => {
  const { stack, roleArn } = await made({ method: "pod-identity" });
  const [trust] = JSON.parse(stack.ofType("aws:iam/role:Role")[0]?.inputs.assumeRolePolicy).Statement;
  t.deepEqual(trust.Principal, { Service: "pods.eks.amazonaws.com" });
  const [association] = stack.ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation");
  t.deepEqual(association?.inputs, {
    clusterName: "asgard-cluster",
    namespace: "ml-inference",
    serviceAccount: "ml-inference",
    roleArn,
  });
});

test.serial("ARNs are those of the part of AWS that the account is in", async (t) => {
  const { stack } = await made({}, "aws-us-gov");
  const [policy] = stack.ofType("aws:iam/rolePolicy:RolePolicy");
  t.deepEqual(JSON.parse(policy?.inputs.policy).Statement[0].Resource, ["arn:aws-us-gov:s3:::models/mlflow/*"]);
});

test.serial("where MLflow serves the artifacts, the role may do nothing", async (t) => {
  const { stack } = await made({ artifactPrefix: undefined });
  t.is(stack.ofType("aws:iam/role:Role").length, 1);
  t.is(stack.ofType("aws:iam/rolePolicy:RolePolicy").length, 0);
});

test("secret and none need no role", (t) => {
  t.deepEqual(
    (["irsa", "pod-identity", "secret", "none"] as const).map((method) => hasRole({ ...settings, method })),
    [true, true, false, false],
  );
});
