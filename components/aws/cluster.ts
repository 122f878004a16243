import { ComponentResource, type ComponentResourceOptions, type Output, output } from "@pulumi/pulumi";
import { createCluster } from "./create-cluster.ts";
import { kubeconfig } from "./kubeconfig.ts";
import type { ClusterPlan } from "./plan.ts";

/** What a stack's config says of the cluster. */
export type ClusterSettings =
  | {
      /** An existing one is used as it is. */
      readonly kind: "adopt";
      readonly name: string;
    }
  | CreatedClusterSettings;

/** A cluster of the stack's own. */
export interface CreatedClusterSettings {
  readonly kind: "create";
  readonly name: string;
  /** Kubernetes version, as `1.34`. */
  readonly version: string;
  readonly vpcId: string;
  /** Where the nodes are: at least two, in different zones, with a way out through NAT. */
  readonly privateSubnetIds: readonly string[];
  /** For load balancers alone. */
  readonly publicSubnetIds: readonly string[];
  readonly instanceType: string;
  readonly nodesMin: number;
  readonly nodesMax: number;
  /** IAM role that administers the cluster, beside whoever creates it. */
  readonly adminRoleArn: string | undefined;
  /** Whether pods get their roles by EKS Pod Identity. */
  readonly podIdentity: boolean;
  /** Addresses that reach the control plane from outside of the VPC. @default none: it answers inside the VPC only */
  readonly publicAccessCidrs?: readonly string[];
}

/** What {@link Cluster} is told. */
export interface ClusterArgs {
  /** The wanted cluster, as {@link planCluster} found it. */
  readonly plan: ClusterPlan;
  /** Whether neither the engine nor EKS deletes a cluster of the stack's own. @default true */
  readonly protect?: boolean;
}

/** The EKS cluster: adopted as it is, or created with private nodes, logs and access by IAM alone. */
export class Cluster extends ComponentResource {
  readonly name: Output<string>;
  /** Text of a kubeconfig without a secret; known in a preview where the cluster exists. */
  readonly kubeconfig: Output<string>;
  /** OIDC issuer, without `https://`. */
  readonly issuer: Output<string>;
  /** Empty where a cluster is adopted and the identity isn't `irsa`. */
  readonly oidcProviderArn: Output<string>;

  constructor(name: string, { plan, protect = true }: ClusterArgs, options?: ComponentResourceOptions) {
    super("pipeline:aws:Cluster", name, {}, options);
    const { settings, region, found } = plan;
    if (settings.kind === "create") {
      const made = createCluster(name, settings, { parent: this, protect });
      const { name: clusterName } = settings;
      this.kubeconfig = made.kubeconfigJson.apply((json) =>
        kubeconfig({ name: clusterName, region, ...endpointOf(json) }),
      );
      // As an output of the cluster itself, so that what is made in the cluster waits for it.
      this.name = this.kubeconfig.apply(() => clusterName);
      this.issuer = made.oidcIssuer;
      this.oidcProviderArn = made.oidcProviderArn;
    } else {
      this.kubeconfig = output(found?.kubeconfig ?? "");
      this.name = output(settings.name);
      this.issuer = output(found?.issuer ?? "");
      this.oidcProviderArn = output(plan.oidcProviderArn ?? "");
    }
    const { name: clusterName, kubeconfig: text, issuer, oidcProviderArn } = this;
    this.registerOutputs({ name: clusterName, kubeconfig: text, issuer, oidcProviderArn });
  }
}

/** Where @pulumi/eks says that the cluster is, by its own kubeconfig, which depends on how the shell is signed in. */
function endpointOf(kubeconfigJson: string): { endpoint: string; certificateAuthority: string } {
  const { clusters } = JSON.parse(kubeconfigJson);
  const { server, "certificate-authority-data": certificateAuthority } = clusters[0].cluster;
  return { endpoint: server, certificateAuthority };
}
