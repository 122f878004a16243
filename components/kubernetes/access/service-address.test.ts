import test from "ava";
import { isClusterInternal, parseServiceAddress } from "./service-address.ts";

for (const uri of [
  "http://mlflow-service.asgard.svc.cluster.local:5000",
  "http://mlflow-service.asgard.svc.cluster.local.:5000/",
  "http://mlflow-service.asgard.svc:5000",
])
  test(`${uri} is a Service's port`, (t) => {
    t.true(isClusterInternal(uri));
    t.deepEqual(parseServiceAddress(uri), { namespace: "asgard", service: "mlflow-service", port: 5000, path: "" });
  });

test("without a port it is 80; a path stays", (t) => {
  const address = { namespace: "b", service: "a", port: 80, path: "/mlflow" };
  t.deepEqual(parseServiceAddress("http://a.b.svc/mlflow/"), address);
});

for (const uri of [
  "./mlruns",
  "file:///data/a.svc",
  "http://localhost:5000",
  "https://mlflow.example.com",
  "http://a.svc.example.com",
])
  test(`${uri} is not in the cluster`, (t) => {
    t.false(isClusterInternal(uri));
  });

for (const uri of ["https://a.b.svc", "http://pod.a.b.svc", "http://localhost:5000", "mlruns"])
  test(`${uri} can't be forwarded to`, (t) => {
    t.throws(() => parseServiceAddress(uri), {
      name: "ClusterError",
      message: /expected a Service such as http:.* got /,
    });
  });
