import { kubernetesKind } from "../pods.ts";
import type { Resource, Rule } from "../rule.ts";
import { get, is, isSet, isUnknown, listOf, problem } from "../values.ts";

/** Annotation of a route that is in plain HTTP by the stack's own config, where its value is `none`. */
export const tlsAnnotation = "ml-deployment-pipeline/tls";
const alb = "alb.ingress.kubernetes.io";
const loadBalancerCertificate = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert";

/** What comes from outside is encrypted up to the cluster. */
export const tls: Rule = {
  name: "tls",
  description: "Ways into the cluster are by HTTPS, and those in plain HTTP lead there.",
  enforcement: "mandatory",
  check(resource) {
    if (isDeliberatelyPlain(resource)) return [];
    const kind = kubernetesKind(resource.type);
    return (kind === undefined ? undefined : checks.get(kind))?.(resource.properties) ?? [];
  },
};

/** What can't be refused, since it was asked for or isn't to be seen from here, and yet may surprise. */
export const plainRoute: Rule = {
  name: "plain-route",
  description: "No route is in plain HTTP by config, or attached to whatever listeners a gateway has.",
  enforcement: "advisory",
  check(resource) {
    const kind = kubernetesKind(resource.type);
    if (isDeliberatelyPlain(resource)) {
      return [`metadata.annotations["${tlsAnnotation}"]: expected TLS, got "none": requests come in plain HTTP`];
    }
    if (kind !== "HTTPRoute") return [];
    return parentsOf(resource.properties)
      .filter(([parent]) => !isSet(get(parent, "sectionName")) && !isSet(get(parent, "port")))
      .map(([, path]) => problem(`${path}.sectionName`, "the name of the gateway's HTTPS listener", undefined));
  },
};

function isDeliberatelyPlain({ type, properties }: Resource): boolean {
  const kind = kubernetesKind(type);
  return (kind === "Ingress" || kind === "HTTPRoute") && annotation(properties, tlsAnnotation) === "none";
}

const checks: ReadonlyMap<string, (properties: unknown) => string[]> = new Map([
  ["Ingress", (properties: unknown) => (isAlb(properties) ? albProblems(properties) : ingressProblems(properties))],
  ["HTTPRoute", routeProblems],
  ["Service", serviceProblems],
]);

function isAlb(properties: unknown): boolean {
  const classes = [get(properties, "spec", "ingressClassName"), annotation(properties, "kubernetes.io/ingress.class")];
  return classes.includes("alb") || isSet(annotation(properties, `${alb}/certificate-arn`));
}

/** A load balancer of AWS has its certificate by annotation, and sends plain HTTP on to HTTPS when told so. */
function albProblems(properties: unknown): string[] {
  return Object.entries({ "certificate-arn": "the certificate's ARN", "ssl-redirect": '"443"' })
    .filter(([name]) => !isSet(annotation(properties, `${alb}/${name}`)))
    .map(([name, expected]) => problem(`metadata.annotations["${alb}/${name}"]`, expected, undefined));
}

function ingressProblems(properties: unknown): string[] {
  const sections = get(properties, "spec", "tls");
  if (isUnknown(sections)) return [];
  const covered = listOf(sections).filter((section) => isSet(get(section, "secretName")));
  const problems = listOf(get(properties, "spec", "rules"))
    .map((rule) => get(rule, "host"))
    .filter((host) => !covered.some((section) => covers(get(section, "hosts"), host)))
    .map((host) => `spec.tls: expected a secret with a certificate for ${isSet(host) ? host : "all hosts"}, got none`);
  if (covered.length === 0 && problems.length === 0) problems.push(problem("spec.tls", "a certificate", sections));
  const redirect = "nginx.ingress.kubernetes.io/ssl-redirect";
  if (annotation(properties, redirect) === "false") {
    problems.push(problem(`metadata.annotations["${redirect}"]`, "plain HTTP to be redirected", "false"));
  }
  return problems;
}

/** Whether a certificate is for a host; one that names no hosts is for all. */
function covers(hosts: unknown, host: unknown): boolean {
  if (isUnknown(hosts) || isUnknown(host)) return true;
  const names = listOf(hosts);
  if (names.length === 0 || names.some(isUnknown)) return true;
  return names.includes(host) || (typeof host === "string" && names.includes(host.replace(/^[^.]+/, "*")));
}

/** TLS is the gateway's: of a route can be said what it is attached to. */
function routeProblems(properties: unknown): string[] {
  if (isUnknown(get(properties, "spec", "parentRefs"))) return [];
  const parents = parentsOf(properties);
  if (parents.length === 0) return [problem("spec.parentRefs", "the gateway's listener", undefined)];
  return parents.flatMap(([parent, path]) => {
    const kind = get(parent, "kind");
    const port = get(parent, "port");
    return [
      ...(isSet(kind) && !is(kind, "Gateway") ? [problem(`${path}.kind`, '"Gateway"', kind)] : []),
      ...(port === 80 ? [problem(`${path}.port`, "an HTTPS listener's", port)] : []),
    ];
  });
}

function parentsOf(properties: unknown): [parent: unknown, path: string][] {
  return listOf(get(properties, "spec", "parentRefs")).map((parent, index) => [parent, `spec.parentRefs[${index}]`]);
}

/** A Service that is reached from outside goes past what ends TLS, unless its load balancer has a certificate. */
function serviceProblems(properties: unknown): string[] {
  const type = get(properties, "spec", "type");
  const opens =
    type === "NodePort" || (type === "LoadBalancer" && !isSet(annotation(properties, loadBalancerCertificate)));
  return opens ? [problem("spec.type", '"ClusterIP", behind an Ingress or a gateway', type)] : [];
}

function annotation(properties: unknown, name: string): unknown {
  return get(properties, "metadata", "annotations", name);
}
