import * as aws from "@pulumi/aws";
import { all, ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { app } from "../kubernetes/names.ts";
import { artifactPolicy } from "./artifact-policy.ts";
import { podIdentityTrust, webIdentityTrust } from "./trust-policy.ts";

/** What a stack's config says of the pods' identity in AWS. */
export interface IdentitySettings {
  /** `secret` and `none` need nothing in AWS. */
  readonly method: "irsa" | "pod-identity" | "secret" | "none";
  readonly roleName: string;
  /** What the pods may read, as `s3://bucket/prefix`; undefined where MLflow serves the artifacts itself. */
  readonly artifactPrefix: string | undefined;
  /** Of the ServiceAccount. */
  readonly namespace: string;
}

/** What {@link Identity} is told. */
export interface IdentityArgs {
  readonly settings: IdentitySettings & { readonly method: "irsa" | "pod-identity" };
  readonly cluster: {
    readonly name: Input<string>;
    /** OIDC issuer, without `https://`. */
    readonly issuer: Input<string>;
    readonly oidcProviderArn: Input<string>;
  };
}

/** Whether an identity needs a role in AWS. */
export function hasRole(settings: IdentitySettings): settings is IdentityArgs["settings"] {
  return settings.method === "irsa" || settings.method === "pod-identity";
}

/** The role that the pods' ServiceAccount alone may take, and that may read the artifacts alone. */
export class Identity extends ComponentResource {
  /** With IRSA the ServiceAccount's annotation; with Pod Identity the association says it. */
  readonly roleArn: Output<string>;

  constructor(name: string, { settings, cluster }: IdentityArgs, options?: ComponentResourceOptions) {
    super("pipeline:aws:Identity", name, {}, options);
    const { method, roleName, artifactPrefix, namespace } = settings;
    const account = { namespace, serviceAccount: app };
    const { name: clusterName, issuer, oidcProviderArn } = cluster;
    const assumeRolePolicy = all([clusterName, issuer, oidcProviderArn]).apply(([name, issuer, oidcProviderArn]) =>
      method === "irsa" ? webIdentityTrust(account, { issuer, oidcProviderArn }) : podIdentityTrust(account, name),
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      { name: roleName, description: `ServiceAccount ${namespace}/${app}: reads model artifacts`, assumeRolePolicy },
      { parent: this },
    );
    if (artifactPrefix !== undefined) {
      const { partition } = aws.getPartitionOutput({}, { parent: this });
      const policy = partition.apply((partition) => artifactPolicy(artifactPrefix, partition));
      new aws.iam.RolePolicy(
        `${name}-artifacts`,
        { role: role.name, name: "read-artifacts", policy },
        { parent: this },
      );
    }
    if (method === "pod-identity") {
      new aws.eks.PodIdentityAssociation(
        `${name}-association`,
        { clusterName, namespace, serviceAccount: app, roleArn: role.arn },
        { parent: this },
      );
    }
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
