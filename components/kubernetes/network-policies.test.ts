import test from "ava";
import { isAllowed, type Peer } from "../../tests/network-policy-evaluator.ts";
import { type SettingsChanges, testSettings } from "./fixtures/settings.ts";
import { networkPolicies } from "./network-policies.ts";

const pod = (namespace: string, app: string, ip = "10.0.3.7"): Peer => ({ ip, namespace, labels: { app } });
const at = (ip: string): Peer => ({ ip });

const inference = pod("ml-inference", "ml-inference", "10.0.1.1");
const otherInference = pod("ml-inference", "ml-inference", "10.0.1.2");
const verification = pod("ml-inference", "ml-inference-verify", "10.0.1.3");
const stranger = pod("ml-inference", "stranger", "10.0.1.4");
const solver: Peer = { ...stranger, labels: { "acme.cert-manager.io/http01-solver": "true" } };
const controller = pod("ingress-nginx", "controller");
const prometheus = pod("monitoring", "prometheus");
const coreDns = pod("kube-system", "coredns");
const mlflow = pod("asgard", "mlflow");
const feast = pod("features", "feast");
const internet = at("203.0.113.9");
const internet6 = at("2001:db8::9");
const apiServer = at("10.240.0.2");
const metadataService = at("169.254.169.254");
const podIdentityAgent = at("169.254.170.23");
const albSubnet = at("10.20.1.4");

const alb: SettingsChanges = {
  route: { tls: "acm" },
  network: { ingressNamespaces: [], ingressCidrs: ["10.20.0.0/16"] },
};
const withFeast = (feastUri: string, feastPodPort?: number): SettingsChanges => ({
  service: { feastUri },
  ...(feastPodPort && { network: { feastPodPort } }),
});

type Row = readonly [what: string, from: Peer, to: Peer, port: number, changes?: SettingsChanges, protocol?: "UDP"];

const needed: readonly Row[] = [
  ["the Ingress controller → service", controller, inference, 8080],
  ["an ALB's subnet → service", albSubnet, inference, 8080, alb],
  ["another port, as configured", controller, inference, 8000, { port: 8000 }],
  ["verification → service", verification, inference, 8080],
  ["Prometheus → metrics", prometheus, inference, 9090],
  ["inference → DNS by UDP", inference, coreDns, 53, {}, "UDP"],
  ["inference → DNS by TCP", inference, coreDns, 53],
  ["inference → the node's DNS cache", inference, at("169.254.20.10"), 53, {}, "UDP"],
  ["verification → DNS", verification, coreDns, 53, {}, "UDP"],
  ["inference → MLflow in the cluster", inference, mlflow, 5000],
  [
    "inference → MLflow by a short Service name",
    inference,
    mlflow,
    5000,
    { trackingUri: "http://mlflow.asgard.svc:5000" },
  ],
  ["inference → MLflow's pods on their own port", inference, mlflow, 8000, { network: { mlflowPodPort: 8000 } }],
  ["inference → MLflow outside", inference, internet, 8443, { trackingUri: "https://mlflow.example.com:8443" }],
  ["inference → MLflow outside by IPv6", inference, internet6, 443, { trackingUri: "https://mlflow.example.com" }],
  ["inference → MLflow at a private address", inference, at("10.9.8.7"), 5000, { trackingUri: "http://10.9.8.7:5000" }],
  ["inference → MLflow at an IPv6 address", inference, at("fd00::7"), 5000, { trackingUri: "http://[fd00::7]:5000" }],
  [
    "inference → Feast in the cluster",
    inference,
    feast,
    6566,
    withFeast("http://feast.features.svc.cluster.local", 6566),
  ],
  ["inference → Feast outside", inference, internet, 80, withFeast("http://feast.example.com")],
  ["inference → AWS with IRSA", inference, internet, 443],
  ["inference → AWS by IPv6", inference, internet6, 443],
  ["inference → AWS with keys", inference, internet, 443, { identity: "secret" }],
  ["inference → AWS's VPC endpoints", inference, at("10.30.0.5"), 443, { network: { awsCidrs: ["10.30.0.0/24"] } }],
  ["inference → the Pod Identity agent", inference, podIdentityAgent, 80, { identity: "pod-identity" }],
  ["inference → the agent by IPv6", inference, at("fd00:ec2::23"), 80, { identity: "pod-identity" }],
  ["the Ingress controller → cert-manager's solver", controller, solver, 8089],
];

const forbidden: readonly Row[] = [
  ["another namespace → service", pod("default", "ml-inference"), inference, 8080],
  ["a stranger in the namespace → service", stranger, inference, 8080],
  [
    "a pod of another namespace with verification's label → service",
    pod("default", "ml-inference-verify"),
    inference,
    8080,
  ],
  ["the internet → service", internet, inference, 8080],
  ["a private address → service behind an ALB of other subnets", at("10.21.0.1"), inference, 8080, alb],
  ["the Ingress controller → metrics", controller, inference, 9090],
  ["a stranger → metrics", stranger, inference, 9090],
  ["verification → metrics", verification, inference, 9090],
  ["Prometheus → service", prometheus, inference, 8080],
  ["inference → inference", inference, otherInference, 8080],
  ["inference → verification", inference, verification, 8080],
  ["anybody → verification", controller, verification, 8080],
  ["inference → the internet on 80", inference, internet, 80],
  ["inference → the internet by UDP", inference, internet, 443, {}, "UDP"],
  ["inference → DNS on the internet", inference, internet, 53, {}, "UDP"],
  ["inference → instance metadata", inference, metadataService, 80],
  ["inference → instance metadata with Pod Identity", inference, metadataService, 80, { identity: "pod-identity" }],
  ["inference → instance metadata on 443", inference, metadataService, 443],
  ["inference → instance metadata by IPv6", inference, at("fd00:ec2::254"), 80, { identity: "pod-identity" }],
  ["inference → the Pod Identity agent with IRSA", inference, podIdentityAgent, 80],
  ["inference → the API server", inference, apiServer, 443],
  ["inference → the API server on 6443", inference, apiServer, 6443],
  ["inference → the kubelet", inference, apiServer, 10_250],
  ["inference → kube-system but for DNS", inference, coreDns, 9153],
  ["inference → other pods on MLflow's port", inference, pod("default", "mlflow"), 5000],
  ["inference → other ports in MLflow's namespace", inference, mlflow, 5432],
  ["inference → MLflow where the image carries the model", inference, mlflow, 5000, { modelDelivery: "image" }],
  [
    "inference → private ranges for an MLflow outside",
    inference,
    at("10.9.8.7"),
    8443,
    { trackingUri: "https://mlflow.example.com:8443" },
  ],
  [
    "inference → the neighbour of MLflow's address",
    inference,
    at("10.9.8.8"),
    5000,
    { trackingUri: "http://10.9.8.7:5000" },
  ],
  ["inference → Feast where there is none", inference, feast, 6566],
  ["inference → AWS without an identity", inference, internet, 443, { identity: "none" }],
  [
    "inference → the internet where AWS has CIDRs",
    inference,
    internet,
    443,
    { network: { awsCidrs: ["10.30.0.0/24"] } },
  ],
  ["verification → the internet", verification, internet, 443],
  ["verification → MLflow", verification, mlflow, 5000],
  ["verification → instance metadata", verification, metadataService, 80],
  ["verification → a stranger", verification, stranger, 8080],
  ["a stranger → the internet", stranger, internet, 443],
  [
    "the Ingress controller → cert-manager's solver where it has none",
    controller,
    solver,
    8089,
    { route: { tls: "secret" } },
  ],
];

for (const [allowed, rows] of [
  [true, needed],
  [false, forbidden],
] as const) {
  for (const [what, from, to, port, changes = {}, protocol = "TCP"] of rows) {
    test(`${allowed ? "allowed" : "refused"}: ${what}`, (t) => {
      t.is(isAllowed(networkPolicies(testSettings(changes)), { from, to, port, protocol }), allowed);
    });
  }
}

test("an MLflow in the same namespace is reached, once its owner lets the pods in", (t) => {
  const policies = networkPolicies(testSettings({ trackingUri: "http://mlflow:5000" }));
  const own = pod("ml-inference", "mlflow", "10.0.1.5");
  const letsIn = {
    metadata: { namespace: "ml-inference" },
    spec: { podSelector: { matchLabels: { app: "mlflow" } }, ingress: [{ from: [{ podSelector: {} }] }] },
  };
  t.false(isAllowed(policies, { from: inference, to: own, port: 5000 }));
  t.true(isAllowed([...policies, letsIn], { from: inference, to: own, port: 5000 }));
  t.false(isAllowed([...policies, letsIn], { from: verification, to: own, port: 5000 }));
});

test("an MLflow that pods can't reach by network is an error that says what was expected", (t) => {
  t.throws(() => networkPolicies(testSettings({ trackingUri: "mlruns" })), {
    message: 'expected an address as http://host:port, which pods can reach, got "mlruns"',
  });
});
