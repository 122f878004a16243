import { scryptSync } from "node:crypto";
import type { types } from "@pulumi/kubernetes";
import { type Input, type Output, output, unsecret } from "@pulumi/pulumi";
import type { Credentials } from "../../mlflow/rest/credentials.ts";
import { ownedMetadata } from "./metadata.ts";

/** AWS credentials of the pods, for clusters without IRSA and Pod Identity. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Environment variables by their names. */
type Variables = Readonly<Record<string, string>>;

/** A Secret that pods take environment variables from. */
export interface PodSecret {
  readonly name: string;
  /** Another one with other variables: pods read them at their start alone. */
  readonly digest: Input<string>;
}

/** What the AWS SDK reads. */
export function awsVariables({ accessKeyId, secretAccessKey }: AwsCredentials): Variables {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

/** What MLflow's clients read. */
export function mlflowVariables({ token, username, password }: Credentials): Variables {
  return {
    ...(token !== undefined && { MLFLOW_TRACKING_TOKEN: token }),
    ...(username !== undefined && { MLFLOW_TRACKING_USERNAME: username }),
    ...(password !== undefined && { MLFLOW_TRACKING_PASSWORD: password }),
  };
}

/** A Secret of environment variables. */
export function podSecret(name: string, namespace: string, variables: Input<Variables>) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: ownedMetadata(name, namespace),
    type: "Opaque",
    stringData: variables,
  } satisfies types.input.core.v1.Secret;
}

/** Says that a Secret is another one, and nothing of it. */
export function secretDigest(name: string, variables: Input<Variables>): Output<string> {
  return unsecret(output(variables).apply((plain) => digest(name, plain)));
}

/** Slow on purpose, and short: whoever reads pods but no Secrets can't find a password by trying. */
function digest(name: string, variables: Variables): string {
  return scryptSync(JSON.stringify(Object.entries(variables).sort()), name, 4).toString("hex");
}
