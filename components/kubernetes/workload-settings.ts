import type { ServiceSettings } from "../service-settings.ts";

/** What the objects of a workload are built from: plain values, known before anything is deployed. */
export interface WorkloadSettings {
  readonly namespace: string;
  /** Port that the service listens on in its pods. */
  readonly port: number;
  /** Port of `GET /metrics` in the pods. */
  readonly metricsPort: number;
  readonly modelName: string;
  readonly experimentName: string;
  /** Address of MLflow as the pods reach it. */
  readonly trackingUri: string;
  /** AWS region. */
  readonly region: string;
  readonly logLevel: string;
  readonly service: ServiceSettings;
  /** Secret in the namespace whose key `tokens` has bearer tokens, one a line; empty opens the service to all that reach it. */
  readonly authTokensSecret: string;
  /** Whether pods load the model from MLflow, or find it in their image and need no MLflow. */
  readonly modelDelivery: "registry" | "image";
  /** What the image runs on, as `linux/amd64`. */
  readonly platform: string;
  readonly resources: ResourceSettings;
  readonly replicas: ReplicaSettings;
  /** Within which new pods must be ready, or the rollout has failed: room for a new node, the pull and the model's load. */
  readonly rolloutSeconds: number;
  /** How pods prove to AWS who they are. */
  readonly identity: "irsa" | "pod-identity" | "secret" | "none";
  readonly route: RouteSettings;
  readonly network: NetworkSettings;
  /** Whether the cluster has the kinds ServiceMonitor and PrometheusRule. */
  readonly monitoring: boolean;
  /** Labels that the cluster's Prometheus selects monitors and rules by, as `release` of kube-prometheus-stack. */
  readonly monitoringLabels: Readonly<Record<string, string>>;
  /** Where alerts say that their runbooks are: an address or a folder. */
  readonly runbooks: string;
}

/** Kubernetes quantities. */
export interface ResourceSettings {
  readonly cpuRequest: string;
  readonly cpuLimit: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
}

export interface ReplicaSettings {
  readonly min: number;
  readonly max: number;
  /** Average use of the CPU request that the autoscaler aims at. */
  readonly cpuPercent: number;
  /** Average use of the memory request that the autoscaler aims at. */
  readonly memoryPercent: number;
  /** How long fewer pods must have been enough before one goes. */
  readonly scaleDownSeconds: number;
}

/** The way in from outside of the cluster. */
export interface RouteSettings {
  /** `ingress`, an HTTPRoute of the Gateway API, or none. */
  readonly kind: "ingress" | "gateway" | "none";
  /** Host name that clients ask for. */
  readonly host: string;
  /** Class of the Ingress; empty for the cluster's default one. */
  readonly className: string;
  /** Annotations of the Ingress or HTTPRoute; they win over the program's own. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Where TLS ends and whose certificate it is; of a Gateway only whether its listener has TLS. */
  readonly tls: "cert-manager" | "acm" | "secret" | "none";
  /** cert-manager's ClusterIssuer. */
  readonly issuer: string;
  /** Certificate in ACM, for an ALB. */
  readonly certificateArn: string;
  /** Secret that holds the certificate, or that cert-manager puts it into (empty: `ml-inference-tls`). */
  readonly tlsSecret: string;
  /** Gateway as `namespace/name` or `namespace/name/section`. */
  readonly gateway: string;
}

/** Who may talk to the pods, and whom they may talk to. */
export interface NetworkSettings {
  /** Namespaces of Ingress controllers, Gateways and clients in the cluster. */
  readonly ingressNamespaces: readonly string[];
  /** Addresses of load balancers that reach pods themselves, as an ALB's subnets. */
  readonly ingressCidrs: readonly string[];
  /** Namespaces that scrape metrics. */
  readonly monitoringNamespaces: readonly string[];
  /** Addresses of AWS endpoints, as VPC endpoints'; empty for port 443 anywhere outside private ranges. */
  readonly awsCidrs: readonly string[];
  /**
   * Port of MLflow's pods where it isn't their Service's: policies are held against the pod's port.
   * @default port of trackingUri
   */
  readonly mlflowPodPort?: number;
  /**
   * Port of Feast's pods where it isn't their Service's.
   * @default port of service.feastUri
   */
  readonly feastPodPort?: number;
}
