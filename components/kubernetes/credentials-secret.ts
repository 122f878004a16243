import { createHash } from "node:crypto";
import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { ownedMetadata } from "./metadata.ts";
import { credentialsSecret } from "./names.ts";

/** AWS credentials of the pods, for clusters without IRSA and Pod Identity. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The Secret that pods take their AWS credentials from, as environment variables. */
export function awsCredentials({
  namespace,
  accessKeyId,
  secretAccessKey,
}: {
  readonly namespace: string;
  readonly accessKeyId: Input<string>;
  readonly secretAccessKey: Input<string>;
}) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: ownedMetadata(credentialsSecret, namespace),
    type: "Opaque",
    stringData: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  } satisfies types.input.core.v1.Secret;
}

/** Tells a rotation by the key's id, which changes with it and says nothing of the key. */
export function credentialsDigest({ accessKeyId }: AwsCredentials): string {
  return createHash("sha256").update(accessKeyId).digest("hex").slice(0, 8);
}
