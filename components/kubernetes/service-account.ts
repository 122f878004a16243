import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { ownedMetadata } from "./metadata.ts";
import { app } from "./names.ts";

/**
 * The pods' identity. It may do nothing in the cluster and its token isn't mounted: IRSA's and Pod Identity's webhooks
 * project tokens of their own.
 *
 * @param roleArn IAM role to assume by IRSA; none for other identities.
 */
export function serviceAccount({
  namespace,
  roleArn,
}: {
  readonly namespace: string;
  readonly roleArn?: Input<string>;
}) {
  const metadata = ownedMetadata(app, namespace);
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, ...(roleArn && { "eks.amazonaws.com/role-arn": roleArn }) },
    },
    automountServiceAccountToken: false,
  } satisfies types.input.core.v1.ServiceAccount;
}
