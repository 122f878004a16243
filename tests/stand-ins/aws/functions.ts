import { type Properties, secret } from "../rpc/values.ts";
import type { Cloud } from "./cloud.ts";

/** A function of the provider, by its arguments. */
export type CloudFunction = (cloud: Cloud, args: Properties) => Properties;

const callerIdentity: CloudFunction = (cloud) => ({
  accountId: cloud.account,
  arn: cloud.arn("iam", "user/stand-in"),
  id: cloud.account,
  userId: "AIDASTANDIN",
});

const region: CloudFunction = (cloud) => ({
  description: "Europe (Stockholm)",
  endpoint: `ec2.${cloud.region}.amazonaws.com`,
  id: cloud.region,
  name: cloud.region,
  region: cloud.region,
});

const partition: CloudFunction = () => ({
  dnsSuffix: "amazonaws.com",
  id: "aws",
  partition: "aws",
  reverseDnsPrefix: "com.amazonaws",
});

const authorizationToken: CloudFunction = (cloud, args) => {
  const password = "stand-in-token";
  return {
    ...args,
    authorizationToken: secret(Buffer.from(`AWS:${password}`).toString("base64")),
    expiresAt: "2099-01-01T00:00:00Z",
    id: cloud.region,
    password: secret(password),
    proxyEndpoint: `https://${cloud.registry}`,
    region: cloud.region,
    userName: "AWS",
  };
};

const repositories: CloudFunction = (cloud) => ({
  id: cloud.region,
  names: [...cloud.repositories.keys()],
  region: cloud.region,
});

const repository: CloudFunction = (cloud, args) => {
  const { name, mutability, tags } = findRepository(cloud, args.name);
  return {
    arn: cloud.arn("ecr", `repository/${name}`),
    encryptionConfigurations: [{ encryptionType: "AES256", kmsKey: "" }],
    id: name,
    imageScanningConfigurations: [{ scanOnPush: true }],
    imageTagMutability: mutability,
    imageTagMutabilityExclusionFilters: [],
    mostRecentImageTags: [...tags.keys()].slice(-1),
    name,
    region: cloud.region,
    registryId: cloud.account,
    repositoryUrl: `${cloud.registry}/${name}`,
    tags: {},
  };
};

const images: CloudFunction = (cloud, args) => {
  const { tags } = findRepository(cloud, args.repositoryName);
  return {
    ...args,
    imageIds: [...tags].map(([imageTag, imageDigest]) => ({ imageDigest, imageTag })),
    region: cloud.region,
    registryId: cloud.account,
  };
};

const image: CloudFunction = (cloud, args) => {
  const { name, tags } = findRepository(cloud, args.repositoryName);
  const found = [...tags].filter(
    ([tag, digest]) =>
      (args.imageTag === undefined || tag === args.imageTag) &&
      (args.imageDigest === undefined || digest === args.imageDigest),
  );
  const [tag, digest] = found.at(-1) ?? [];
  if (digest === undefined)
    throw new Error(
      `invocation of aws:ecr/getImage:getImage returned an error: reading ECR Images: couldn't find resource`,
    );
  return {
    ...args,
    id: digest,
    imageDigest: digest,
    imagePushedAt: 1_767_225_600,
    imageSizeInBytes: 1_000_000,
    imageTags: [...tags].filter(([, other]) => other === digest).map(([other]) => other),
    imageTag: args.imageTag ?? tag,
    imageUri: `${cloud.registry}/${name}@${digest}`,
    region: cloud.region,
    registryId: cloud.account,
  };
};

const eksCluster: CloudFunction = (cloud, args) => {
  const found = cloud.clusters.get(args.name as string);
  if (!found) throw new Error(`reading EKS Cluster (${args.name}): couldn't find resource`);
  return {
    accessConfigs: [{ authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true }],
    arn: cloud.arn("eks", `cluster/${found.name}`),
    certificateAuthorities: [{ data: found.certificateAuthority }],
    clusterId: "",
    createdAt: "2026-01-01T00:00:00Z",
    deletionProtection: false,
    enabledClusterLogTypes: ["api", "audit"],
    endpoint: found.endpoint,
    id: found.name,
    identities: [{ oidcs: [{ issuer: found.issuer }] }],
    name: found.name,
    platformVersion: "eks.1",
    region: cloud.region,
    roleArn: found.roleArn,
    status: "ACTIVE",
    tags: {},
    version: found.version,
    vpcConfig: {
      clusterSecurityGroupId: "sg-0a1b2c3d4e5f60718",
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
      securityGroupIds: [],
      subnetIds: found.subnetIds,
      vpcId: found.vpcId,
    },
  };
};

const eksClusters: CloudFunction = (cloud) => ({
  id: cloud.region,
  names: [...cloud.clusters.keys()],
  region: cloud.region,
});

const openIdConnectProvider: CloudFunction = (cloud, args) => {
  const host = String(args.url ?? "").replace(/^https:\/\//, "");
  const [url, found] = [...cloud.oidcProviders].find(([known, { arn }]) => known === host || arn === args.arn) ?? [];
  if (!found)
    throw new Error(`finding IAM OIDC Provider by ${args.arn ? `ARN (${args.arn})` : `url (${args.url})`}: not found`);
  return {
    arn: found.arn,
    clientIdLists: found.clientIds,
    id: found.arn,
    tags: {},
    thumbprintLists: ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
    url,
  };
};

function findRepository(cloud: Cloud, name: unknown) {
  const found = cloud.repositories.get(name as string);
  if (found) return found;
  throw new Error(
    `reading ECR Repository (${name}): RepositoryNotFoundException: The repository with name '${name}' does not exist in the registry with id '${cloud.account}'`,
  );
}

/** Functions by token. */
export const functions: Readonly<Record<string, CloudFunction>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": callerIdentity,
  "aws:index/getRegion:getRegion": region,
  "aws:index/getPartition:getPartition": partition,
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": authorizationToken,
  "aws:ecr/getRepositories:getRepositories": repositories,
  "aws:ecr/getRepository:getRepository": repository,
  "aws:ecr/getImages:getImages": images,
  "aws:ecr/getImage:getImage": image,
  "aws:eks/getCluster:getCluster": eksCluster,
  "aws:eks/getClusters:getClusters": eksClusters,
  "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": openIdConnectProvider,
};
