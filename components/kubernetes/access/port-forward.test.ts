import test from "ava";
import { freePort } from "../../../tests/free-port.ts";
import { hasMonitoringKinds } from "./discovery.ts";
import { type FakeAnswer, fakeApi, kubeconfig, mlflowCluster } from "./fixtures/fake-api.ts";
import { withPortForward } from "./port-forward.ts";

const uri = "http://mlflow-service.asgard.svc.cluster.local:5000";
const [servicePath, slicesPath] = Object.keys(mlflowCluster) as [string, string];
const never = async () => {
  throw new Error("used");
};
const endpoint = { conditions: { ready: false }, targetRef: { kind: "Pod", name: "mlflow-1" } };

const failures: Record<string, [Record<string, FakeAnswer>, RegExp]> = {
  "no such Service": [{ [servicePath]: [404, "not found"] }, /has no Service mlflow-service in namespace asgard/],
  "a Service without that port": [
    { [servicePath]: { spec: { ports: [{ port: 80 }, { port: 443 }] } } },
    /expected port 5000 on Service asgard\/mlflow-service, got 80, 443/,
  ],
  "no pod": [{ [slicesPath]: { items: [{ ports: null, endpoints: null }] } }, /a ready pod .* got no pod at all/],
  "no ready pod": [
    { [slicesPath]: { items: [{ endpoints: [endpoint] }] } },
    /got 1 that aren't ready: see kubectl get/,
  ],
  "a Service of addresses that are no pods": [
    { [slicesPath]: { items: [{ ports: [{ name: "http", port: 1 }], endpoints: [{}] }] } },
    /got endpoints that are no pods/,
  ],
  "a Service that may not be read": [
    { [servicePath]: [403, 'User "ci" cannot get resource "services"'] },
    /doesn't allow whoever .* to read Service asgard\/mlflow-service \(403: User "ci" cannot .*\): .* list on endpointslices/,
  ],
  "credentials of another cluster": [{ [servicePath]: [401, "Unauthorized"] }, /doesn't know these credentials .*401/],
};

for (const [what, [answers, message]] of Object.entries(failures))
  test(`${what} is an error that says what to do, and names the cluster`, async (t) => {
    const { access } = await fakeApi(t, { ...mlflowCluster, ...answers });
    const error = await t.throwsAsync(withPortForward(access, uri, never), { name: "ClusterError", message });
    t.regex(error!.message, /the cluster at http:\/\/127\.0\.0\.1:\d+ \(context "fake"\)/);
  });

test("a tunnel goes to the pod's own port; where it isn't allowed, the error says which permission it takes", async (t) => {
  const { access, upgrades } = await fakeApi(t);
  await t.throwsAsync(withPortForward(access, uri, never), {
    message: /doesn't allow .* to forward port 5001 of pod asgard\/mlflow-1 \(403\): .* create on pods\/portforward/,
  });
  t.deepEqual(upgrades, ["/api/v1/namespaces/asgard/pods/mlflow-1/portforward?ports=5001"]);
});

test("a cluster that isn't there is an error that names server and context", async (t) => {
  const access = { kubeconfig: kubeconfig({ server: `http://127.0.0.1:${await freePort()}` }) };
  await t.throwsAsync(withPortForward(access, uri, never), {
    name: "ClusterError",
    message:
      /cannot reach the cluster at http:\/\/127\.0\.0\.1:\d+ \(context "fake"\) to read Service .* \(.*ECONNREFUSED.*\): is it up/,
  });
});

const exec = (command: string, args: string[] = []) => ({
  exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command, args },
});

test("a credential plugin that isn't installed is an error that names it", async (t) => {
  const access = { kubeconfig: kubeconfig({ server: "http://127.0.0.1:1", user: exec("no-such-aws") }) };
  await t.throwsAsync(withPortForward(access, uri, never), {
    message: /the credential plugin "no-such-aws" of the kubeconfig isn't on PATH: install it/,
  });
});

test("a credential plugin that fails is an error with what it said", async (t) => {
  const user = exec(process.execPath, ["-e", "console.error('Token has expired'); process.exit(255)"]);
  const access = { kubeconfig: kubeconfig({ server: "http://127.0.0.1:1", user }) };
  await t.throwsAsync(withPortForward(access, uri, never), {
    message: /failed \(Token has expired\): .*aws sso login/,
  });
});

const resources = (...kinds: string[]) => ({ resources: kinds.map((kind) => ({ kind })) });
const monitoring = "/apis/monitoring.coreos.com/v1";

for (const [what, answers, served] of [
  ["with both kinds", { [monitoring]: resources("ServiceMonitor", "PrometheusRule") }, true],
  ["with one of them", { [monitoring]: resources("ServiceMonitor") }, false],
  ["without the group", {}, false],
] as const)
  test(`a cluster ${what} has${served ? "" : "n't"} the kinds of monitoring`, async (t) => {
    const { access } = await fakeApi(t, answers);
    t.is(await hasMonitoringKinds(access), served);
  });

test("a cluster that doesn't tell its kinds is an error", async (t) => {
  const { access } = await fakeApi(t, { [monitoring]: [503, "starting"] });
  await t.throwsAsync(hasMonitoringKinds(access), { message: /cannot read the kinds of monitoring.coreos.com: 503 / });
});
