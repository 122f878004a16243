/** Who may take the role: one ServiceAccount. */
export interface TrustedAccount {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Trust policy of a role for IRSA, as JSON with a stable order of keys: one ServiceAccount of one cluster, for STS
 * (docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).
 *
 * @param issuer The cluster's OIDC issuer, without `https://`.
 */
export function webIdentityTrust(
  { namespace, serviceAccount }: TrustedAccount,
  { issuer, oidcProviderArn }: { readonly issuer: string; readonly oidcProviderArn: string },
): string {
  return trust({
    Effect: "Allow",
    Principal: { Federated: oidcProviderArn },
    Action: ["sts:AssumeRoleWithWebIdentity"],
    Condition: {
      StringEquals: {
        [`${issuer}:aud`]: "sts.amazonaws.com",
        [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
      },
    },
  });
}

/**
 * Trust policy of a role for EKS Pod Identity, as JSON with a stable order of keys: one ServiceAccount of one cluster, by the
 * session tags that EKS sets (docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html).
 */
export function podIdentityTrust({ namespace, serviceAccount }: TrustedAccount, clusterName: string): string {
  return trust({
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: {
        "aws:RequestTag/eks-cluster-name": clusterName,
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": serviceAccount,
      },
    },
  });
}

/** Trust policy of the nodes' role, as JSON. */
export function instanceTrust(): string {
  return trust({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: ["sts:AssumeRole"] });
}

function trust(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
