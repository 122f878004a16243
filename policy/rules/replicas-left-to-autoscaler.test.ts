import test from "ava";
import { changed, keys, refuses } from "../fixtures/changed.ts";
import { deployment, resource } from "../fixtures/good.ts";
import { replicasLeftToAutoscaler } from "./replicas-left-to-autoscaler.ts";

test("a Deployment that states replicas is refused, whatever their number", (t) => {
  for (const replicas of [0, 1, 3]) refuses(t, replicasLeftToAutoscaler, deployment, "spec.replicas", replicas);
});

test("a null is no number, and other kinds have no autoscaler here", (t) => {
  t.deepEqual(replicasLeftToAutoscaler.check(changed(deployment, keys("spec.replicas"), null)), []);
  t.deepEqual(
    replicasLeftToAutoscaler.check(resource("kubernetes:apps/v1:StatefulSet", { spec: { replicas: 1 } })),
    [],
  );
});
