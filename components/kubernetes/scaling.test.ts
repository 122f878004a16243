import test from "ava";
import { autoscaler } from "./autoscaler.ts";
import { disruptionBudget } from "./disruption-budget.ts";
import { testSettings } from "./fixtures/settings.ts";

test("the autoscaler aims at the settings' use of requests, within the settings' bounds", (t) => {
  const { spec } = autoscaler(testSettings({ replicas: { max: 12 } }));
  t.like(spec, { minReplicas: 2, maxReplicas: 12 });
  t.deepEqual(spec.scaleTargetRef, { apiVersion: "apps/v1", kind: "Deployment", name: "ml-inference" });
  t.deepEqual(
    spec.metrics.map(({ resource }) => [resource.name, resource.target.averageUtilization]),
    [
      ["cpu", 70],
      ["memory", 80],
    ],
  );
});

test("it goes up at once and down slowly", (t) => {
  const { scaleUp, scaleDown } = autoscaler(testSettings()).spec.behavior;
  t.is(scaleUp.stabilizationWindowSeconds, 0);
  t.is(scaleDown.stabilizationWindowSeconds, 300);
  t.deepEqual(scaleDown.policies, [{ type: "Pods", value: 1, periodSeconds: 60 }]);
});

/** Pods that the disruption controller keeps, of those that the Deployment wants (kubernetes, pkg/controller/disruption). */
function kept(min: number, replicas: number): number {
  const { spec } = disruptionBudget(testSettings({ replicas: { min } }));
  return "minAvailable" in spec ? spec.minAvailable! : replicas - spec.maxUnavailable!;
}

for (const [min, replicas, expected] of [
  [2, 2, 1],
  [2, 3, 2],
  [2, 10, 9],
  [1, 1, 1],
] as const) {
  test(`with at least ${min} replicas, evictions leave ${expected} of ${replicas} available`, (t) => {
    t.is(kept(min, replicas), expected);
  });
}

test("pods that aren't ready can always be evicted", (t) => {
  t.is(disruptionBudget(testSettings()).spec.unhealthyPodEvictionPolicy, "AlwaysAllow");
});
