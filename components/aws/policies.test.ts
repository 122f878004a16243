import test from "ava";
import { artifactPolicy } from "./artifact-policy.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { podIdentityTrust, webIdentityTrust } from "./trust-policy.ts";

const account = { namespace: "ml-inference", serviceAccount: "ml-inference" };

test("the artifact policy reads below the prefix, lists the prefix, and no more", (t) => {
  const { Statement } = JSON.parse(artifactPolicy("s3://models/mlflow/prod/", "aws"));
  t.deepEqual(Statement, [
    {
      Sid: "ReadArtifacts",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::models/mlflow/prod/*"],
    },
    {
      Sid: "ListArtifacts",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: ["arn:aws:s3:::models"],
      Condition: { StringLike: { "s3:prefix": ["mlflow/prod", "mlflow/prod/*"] } },
    },
  ]);
});

test("a bucket alone is all of it", (t) => {
  const [read, list] = JSON.parse(artifactPolicy("s3://models", "aws")).Statement;
  t.deepEqual(read.Resource, ["arn:aws:s3:::models/*"]);
  t.is(list.Condition, undefined);
});

test("in China its ARNs are China's", (t) => {
  const [read, list] = JSON.parse(artifactPolicy("s3://models/a", "aws-cn")).Statement;
  t.deepEqual([...read.Resource, ...list.Resource], ["arn:aws-cn:s3:::models/a/*", "arn:aws-cn:s3:::models"]);
});

for (const prefix of ["", "models/mlflow", "s3://", "s3://*", "s3://models/*", "s3://models/a?c", "s3://models/$a"])
  test(`no artifact prefix: "${prefix}"`, (t) => {
    t.throws(() => artifactPolicy(prefix, "aws"), { message: /config artifactPrefix: expected s3:\/\/bucket\/prefix/ });
  });

test("IRSA trusts one ServiceAccount's tokens, made for STS", (t) => {
  const oidcProviderArn = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.example/id/A";
  const trust = webIdentityTrust(account, { issuer: "oidc.eks.example/id/A", oidcProviderArn });
  t.deepEqual(JSON.parse(trust).Statement, [
    {
      Effect: "Allow",
      Principal: { Federated: oidcProviderArn },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: {
        StringEquals: {
          "oidc.eks.example/id/A:aud": "sts.amazonaws.com",
          "oidc.eks.example/id/A:sub": "system:serviceaccount:ml-inference:ml-inference",
        },
      },
    },
  ]);
});

test("Pod Identity trusts EKS for one ServiceAccount of one cluster", (t) => {
  const [statement] = JSON.parse(podIdentityTrust(account, "asgard-cluster")).Statement;
  t.deepEqual(statement.Principal, { Service: "pods.eks.amazonaws.com" });
  t.deepEqual(statement.Action, ["sts:AssumeRole", "sts:TagSession"]);
  t.deepEqual(statement.Condition.StringEquals, {
    "aws:RequestTag/eks-cluster-name": "asgard-cluster",
    "aws:RequestTag/kubernetes-namespace": "ml-inference",
    "aws:RequestTag/kubernetes-service-account": "ml-inference",
  });
});

test("a kubeconfig has no secret: the AWS CLI asks for a token", (t) => {
  const text = kubeconfig({
    name: "asgard-cluster",
    region: "eu-north-1",
    endpoint: "https://a",
    certificateAuthority: "Q0E=",
  });
  const { clusters, contexts, users, "current-context": current } = JSON.parse(text);
  t.deepEqual(clusters, [
    { name: "asgard-cluster", cluster: { server: "https://a", "certificate-authority-data": "Q0E=" } },
  ]);
  t.deepEqual(contexts, [{ name: current, context: { cluster: "asgard-cluster", user: "asgard-cluster" } }]);
  t.deepEqual(Object.keys(users[0].user), ["exec"]);
  t.deepEqual(
    [users[0].user.exec.command, ...users[0].user.exec.args].join(" "),
    "aws --region eu-north-1 eks get-token --cluster-name asgard-cluster --output json",
  );
});
