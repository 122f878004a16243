import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { AppsV1Api, CoreV1Api, DiscoveryV1Api, KubeConfig } from "@kubernetes/client-node";
import test from "ava";
import { hasMonitoringKinds } from "../../components/kubernetes/access/discovery.ts";
import { withPortForward } from "../../components/kubernetes/access/port-forward.ts";
import { withStackStore } from "../../components/stack-store.ts";

const mlflow = "http://mlflow-service.asgard.svc.cluster.local:5000";
const namespace = `port-forward-${process.pid}`;
const internal = (service: string, port = 80) => `http://${service}.${namespace}.svc.cluster.local:${port}`;

const config = new KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(CoreV1Api);
const discovery = config.makeApiClient(DiscoveryV1Api);
const apps = config.makeApiClient(AppsV1Api);
const access = { kubeContext: config.getCurrentContext() };

/** Pods that forward to MLflow, as in asgard, of this test's own: they may be killed. */
test.before(async () => {
  const { spec } = await apps.readNamespacedDeployment({ name: "mlflow", namespace: "asgard" });
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  const metadata = { name: "mlflow", namespace };
  await apps.createNamespacedDeployment({ namespace, body: { metadata, spec: { ...spec!, replicas: 1 } } });
  const targets = { named: "http", numbered: 5000, closed: 5001 };
  for (const [name, targetPort] of Object.entries(targets)) {
    const ports = [{ name: "web", port: 80, targetPort }];
    await core.createNamespacedService({
      namespace,
      body: { metadata: { name }, spec: { selector: { app: "mlflow" }, ports } },
    });
  }
  const ports = [{ port: 80 }];
  const body = { metadata: { name: "empty" }, spec: { selector: { app: "none" }, ports } };
  await core.createNamespacedService({ namespace, body });
  await untilReady();
});

test.after.always(async () => {
  await core.deleteNamespace({ name: namespace });
});

async function untilReady(): Promise<void> {
  for await (const ready of readiness()) if (ready) return;
}

/** Whether a pod is ready behind all three Services, asked again and again. */
async function* readiness(): AsyncGenerator<boolean> {
  for (;;) {
    const { items } = await discovery.listNamespacedEndpointSlice({ namespace });
    const ready = items.filter(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready));
    yield ready.length === 3;
  }
}

async function isListening(uri: string): Promise<boolean> {
  const { hostname, port } = new URL(uri);
  const socket = connect(Number(port), hostname);
  return once(socket, "connect").then(
    () => Boolean(socket.destroy()),
    () => false,
  );
}

test.serial("MLflow's own Service answers, at its own path, and nothing listens afterwards", async (t) => {
  let local = "";
  const health = await withPortForward(access, `${mlflow}/health`, async (uri) => {
    local = uri;
    return (await fetch(uri)).text();
  });
  t.is(health, "OK");
  t.regex(local, /^http:\/\/localhost:\d+\/health$/);
  t.false(await isListening(local));
});

for (const service of ["named", "numbered"])
  test.serial(`a Service whose target port is ${service} answers`, async (t) => {
    t.is(await withPortForward(access, internal(service), async (uri) => (await fetch(`${uri}/health`)).text()), "OK");
  });

test.serial("50 requests at the same time pass", async (t) => {
  const statuses = await withPortForward(access, mlflow, (uri) =>
    Promise.all(Array.from({ length: 50 }, async () => (await fetch(`${uri}/version`)).status)),
  );
  t.deepEqual(new Set(statuses), new Set([200]));
});

test.serial("an artifact of 20 MB comes back as it went", async (t) => {
  const bytes = randomBytes(20_000_000);
  const digest = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");
  await withPortForward(access, mlflow, async (uri) => {
    const artifact = `${uri}/api/2.0/mlflow-artifacts/artifacts/${namespace}/large.bin`;
    t.is((await fetch(artifact, { method: "PUT", body: bytes })).status, 200);
    const answer = await fetch(artifact);
    t.is(digest(new Uint8Array(await answer.arrayBuffer())), digest(bytes));
    t.is((await fetch(artifact, { method: "DELETE" })).status, 200);
  });
});

test.serial("a stack's store behind a Service keeps the Service's name", async (t) => {
  await withStackStore({ mlflowTrackingUri: mlflow, access }, async (store) => {
    t.is(store.uri, mlflow);
    t.deepEqual(await store.listVersions("no_such_model"), []);
  });
});

test.serial("a target port that nobody listens on is an error that says what the node says", async (t) => {
  await t.throwsAsync(
    withPortForward(access, internal("closed"), (uri) => fetch(uri)),
    {
      name: "ClusterError",
      message: /The port-forward to .* failed: .*cannot forward port 5001 of pod .*refused/s,
    },
  );
});

test.serial("no ready pod is an error", async (t) => {
  await t.throwsAsync(
    withPortForward(access, internal("empty"), async () => undefined),
    {
      name: "ClusterError",
      message: /expected a ready pod behind port 80 of Service port-forward-\d+\/empty, got no pod at all/,
    },
  );
});

test.serial("a Service that isn't there, and a port that it hasn't, are errors", async (t) => {
  await t.throwsAsync(
    withPortForward(access, internal("absent"), async () => undefined),
    { message: /has no Service absent in namespace port-forward-\d+/ },
  );
  await t.throwsAsync(
    withPortForward(access, internal("named", 81), async () => undefined),
    { message: /expected port 81 on Service port-forward-\d+\/named, got 80/ },
  );
});

test.serial("the kinds of the Prometheus Operator are found", async (t) => {
  t.true(await hasMonitoringKinds(access));
});

test.serial("where the pod is killed meanwhile, the next request waits for another one", async (t) => {
  await withPortForward(access, internal("named"), async (uri) => {
    t.is((await fetch(`${uri}/health`)).status, 200);
    await core.deleteCollectionNamespacedPod({ namespace, gracePeriodSeconds: 0 });
    // The node may still take connections for a moment, and drop them then.
    const status = await fetch(`${uri}/health`).then(
      (answer) => answer.status,
      async () => (await fetch(`${uri}/health`)).status,
    );
    t.is(status, 200);
  });
});
