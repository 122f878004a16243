import { RunError } from "@pulumi/pulumi";
import { quantity } from "../kubernetes/quantity.ts";
import type { WorkloadSettings } from "../kubernetes/workload-settings.ts";
import { parseService } from "./service.ts";
import type { ConfigSource } from "./source.ts";

type ParsedWorkload = Omit<WorkloadSettings, "monitoring">;

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Or nothing. */
const secretName = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/;
const httpUri = /^https?:\/\/[^/?#@\s]+(\/\S*)?$/;
/** Port of the pods' metrics. */
const metricsPort = 9090;

/**
 * What the workload on Kubernetes is to be.
 *
 * @throws RunError that names the key, what was expected and what came.
 */
export function parseWorkload(
  source: ConfigSource,
  known: Pick<ParsedWorkload, "region" | "identity" | "platform" | "modelDelivery">,
): ParsedWorkload {
  const port = source.integer("port", 1024, 65535);
  if (port === metricsPort) throw new RunError(`config port: expected another one than the metrics' ${metricsPort}`);
  source.requireNone("authTokensFile", "it is for target local; target eks takes authTokensSecret");
  const min = source.integer("replicasMin", 1, 1000);
  return {
    namespace: source.match("namespace", dnsLabel, "a namespace's name"),
    port,
    metricsPort,
    modelName: source.string("modelName"),
    experimentName: source.string("experimentName"),
    trackingUri: source.match("servingTrackingUri", httpUri, "an MLflow server's address, as http://host:5000"),
    ...known,
    logLevel: source.choice("logLevel", ["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
    service: parseService(source),
    authTokensSecret: source.match("authTokensSecret", secretName, "a Secret's name"),
    resources: parseResources(source),
    replicas: {
      min,
      max: source.integer("replicasMax", min, 1000),
      cpuPercent: source.integer("cpuTarget", 1, 100),
      memoryPercent: source.integer("memoryTarget", 1, 100),
      scaleDownSeconds: source.integer("scaleDownSeconds", 0, 3600),
    },
    rolloutSeconds: 60 * source.integer("rolloutMinutes", 1, 60),
    route: parseRoute(source),
    network: {
      ...parsePodPorts(source),
      ingressNamespaces: source.list("ingressNamespaces", dnsLabel, "a namespace's name"),
      ingressCidrs: source.cidrs("ingressCidrs"),
      monitoringNamespaces: source.list("monitoringNamespaces", dnsLabel, "a namespace's name"),
      awsCidrs: source.cidrs("awsCidrs"),
    },
    monitoringLabels: source.labels("monitoringLabels"),
    runbooks: source.match("runbooks", /^\S+$/, "an address or a folder"),
  };
}

/** 0 is the Service's own port. */
function parsePodPorts(source: ConfigSource): Pick<ParsedWorkload["network"], "mlflowPodPort" | "feastPodPort"> {
  const [mlflowPodPort, feastPodPort] = [
    source.integer("mlflowPodPort", 0, 65535),
    source.integer("feastPodPort", 0, 65535),
  ];
  return { ...(mlflowPodPort && { mlflowPodPort }), ...(feastPodPort && { feastPodPort }) };
}

function parseResources(source: ConfigSource): ParsedWorkload["resources"] {
  const cpu = (key: string) => source.match(key, /^([1-9]\d*m|[1-9]\d*|\d+\.\d+)$/, "CPU, as 500m or 1");
  const memory = (key: string) => source.match(key, /^[1-9]\d*(Mi|Gi)$/, "memory, as 512Mi or 1Gi");
  const resources = {
    cpuRequest: cpu("cpuRequest"),
    cpuLimit: cpu("cpuLimit"),
    memoryRequest: memory("memoryRequest"),
    memoryLimit: memory("memoryLimit"),
  };
  for (const [request, limit] of [["cpuRequest", "cpuLimit"] as const, ["memoryRequest", "memoryLimit"] as const])
    if (quantity(resources[request]) > quantity(resources[limit]))
      throw new RunError(
        `config ${request}: expected at most ${limit} (${resources[limit]}), got ${resources[request]}`,
      );
  return resources;
}

function parseRoute(source: ConfigSource): ParsedWorkload["route"] {
  const kind = source.choice("route", ["ingress", "gateway", "none"]);
  const tls = source.choice("tls", ["cert-manager", "acm", "secret", "none"]);
  const name = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/;
  const needed = (key: string, pattern: RegExp, expected: string, when: boolean) =>
    when ? source.match(key, pattern, expected) : source.string(key);
  const usesTls = (value: typeof tls) => kind === "ingress" && tls === value;
  return {
    kind,
    host: needed("routeHost", name, "the host name that clients use (or route none)", kind !== "none"),
    className: source.string("ingressClass") || (usesTls("acm") ? "alb" : ""),
    annotations: source.strings("ingressAnnotations"),
    tls,
    issuer: needed("certIssuer", /^[a-z0-9.-]+$/, "a ClusterIssuer's name", usesTls("cert-manager")),
    certificateArn: needed("certificateArn", /^arn:aws[\w-]*:acm:.+$/, "a certificate's ARN", usesTls("acm")),
    tlsSecret: source.match("tlsSecret", secretName, "a Secret's name") || "ml-inference-tls",
    gateway: needed("gateway", /^[a-z0-9-]+\/[a-z0-9.-]+(\/[a-z0-9.-]+)?$/, "namespace/name", kind === "gateway"),
  };
}
