import * as aws from "@pulumi/aws";
import { type InvokeOptions, RunError } from "@pulumi/pulumi";
import { kubeconfig } from "./kubeconfig.ts";

/** An EKS cluster that exists. */
export interface FoundCluster {
  /** Text of a kubeconfig for it, {@link kubeconfig}. */
  readonly kubeconfig: string;
  /** OIDC issuer, without `https://`. */
  readonly issuer: string;
}

/**
 * Looks a cluster up, at once and without registering anything.
 *
 * @returns undefined where there is none of that name, or it isn't up yet.
 * @throws RunError where EKS can't be asked.
 */
export async function findEksCluster(
  { name, region }: { readonly name: string; readonly region: string },
  options: InvokeOptions,
): Promise<FoundCluster | undefined> {
  try {
    const { names } = await aws.eks.getClusters({}, options);
    if (!names.includes(name)) return undefined;
    const found = await aws.eks.getCluster({ name }, options);
    const [authority] = found.certificateAuthorities;
    const issuer = found.identities[0]?.oidcs[0]?.issuer ?? "";
    if (!found.endpoint || !authority) return undefined;
    const { endpoint } = found;
    return {
      kubeconfig: kubeconfig({ name, region, endpoint, certificateAuthority: authority.data }),
      issuer: issuer.replace(/^https:\/\//, ""),
    };
  } catch (cause) {
    throw new RunError(
      `EKS can't be asked for the cluster ${name}: ${(cause as Error).message}. Expected credentials that may use ` +
        `eks:ListClusters and eks:DescribeCluster in ${region}`,
      { cause },
    );
  }
}

/**
 * ARN of the IAM OIDC provider of a cluster's issuer, which IRSA needs.
 *
 * @throws RunError where there is none.
 */
export async function findOidcProvider(issuer: string, name: string, options: InvokeOptions): Promise<string> {
  try {
    return (await aws.iam.getOpenIdConnectProvider({ url: `https://${issuer}` }, options)).arn;
  } catch (cause) {
    throw new RunError(
      `config identity: irsa needs an IAM OIDC provider for the cluster ${name} (${issuer}), but ${(cause as Error).message}. ` +
        `Make one with: eksctl utils associate-iam-oidc-provider --cluster ${name} --approve; or set identity to pod-identity`,
      { cause },
    );
  }
}
