import test from "ava";
import { refuses } from "../fixtures/changed.ts";
import { podSpec, resource, workloads } from "../fixtures/good.ts";
import { probesSet } from "./probes-set.ts";

const ending = /:(Job|CronJob)$/;

for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
  test(`a container that runs on without ${probe} is refused`, (t) => {
    for (const [workload, path] of workloads.filter(([{ type }]) => !ending.test(type))) {
      refuses(t, probesSet, workload, `${path}.containers[0].${probe}`, undefined);
    }
  });
}

test("what ends needs no probes: Jobs, pods that aren't restarted, containers that initialise", (t) => {
  const bare = { ...podSpec, containers: podSpec.initContainers };
  const template = { spec: bare };
  t.deepEqual(probesSet.check(resource("kubernetes:batch/v1:Job", { spec: { template } })), []);
  t.deepEqual(probesSet.check(resource("kubernetes:core/v1:Pod", { spec: { ...bare, restartPolicy: "Never" } })), []);
  t.is(probesSet.check(resource("kubernetes:core/v1:Pod", { spec: bare })).length, 3);
});

test("a container that initialises and stays beside the others needs probes", (t) => {
  const sidecar = { ...podSpec.initContainers[0], restartPolicy: "Always" };
  const problems = probesSet.check(
    resource("kubernetes:core/v1:Pod", { spec: { ...podSpec, initContainers: [sidecar] } }),
  );
  t.deepEqual(
    problems.map((problem) => problem.split(":")[0]),
    ["startupProbe", "readinessProbe", "livenessProbe"].map((probe) => `spec.initContainers[0].${probe}`),
  );
});
