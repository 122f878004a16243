import test from "ava";
import { permits, refuses } from "../fixtures/changed.ts";
import { deployment, unknown, workloads } from "../fixtures/good.ts";
import { resourcesSet } from "./resources-set.ts";

for (const kind of ["requests", "limits"]) {
  for (const name of ["cpu", "memory"]) {
    test(`${kind} without ${name} are refused, of every container of every kind`, (t) => {
      for (const [workload, path] of workloads) {
        for (const container of ["containers[0]", "initContainers[0]"]) {
          refuses(t, resourcesSet, workload, `${path}.${container}.resources.${kind}.${name}`, undefined);
        }
      }
    });
  }
}

test("quantities that are known later are permitted", (t) => {
  permits(t, resourcesSet, deployment, "spec.template.spec.containers[0].resources", unknown);
});
