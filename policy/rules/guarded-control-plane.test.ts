import test from "ava";
import { permits, refuses } from "../fixtures/changed.ts";
import { others, unknown } from "../fixtures/good.ts";
import { guardedControlPlane, openControlPlane } from "./guarded-control-plane.ts";

const forms = [
  [others.cluster!, "vpcConfig."],
  [others.eksCluster!, ""],
] as const;

for (const [cluster, at] of forms) {
  test(`${cluster.type}: refused without records of its API, of audits and of who came`, (t) => {
    for (const kept of [
      ["audit", "authenticator"],
      ["api", "authenticator"],
      ["api", "audit"],
    ]) {
      refuses(t, guardedControlPlane, cluster, "enabledClusterLogTypes", kept);
    }
    permits(t, guardedControlPlane, cluster, "enabledClusterLogTypes", unknown);
  });

  test(`${cluster.type}: refused where nodes reach it by the Internet`, (t) => {
    refuses(t, guardedControlPlane, cluster, `${at}endpointPrivateAccess`, undefined);
  });

  test(`${cluster.type}: a public endpoint without a word on who may come is refused`, (t) => {
    const network = { endpointPrivateAccess: true };
    const logs = { enabledClusterLogTypes: ["api", "audit", "authenticator"] };
    const open = { ...cluster, properties: at === "" ? { ...logs, ...network } : { ...logs, vpcConfig: network } };
    const [problem, ...more] = guardedControlPlane.check(open);
    t.true(problem!.startsWith(`${at}publicAccessCidrs: expected `));
    t.deepEqual(more, []);
  });

  test(`${cluster.type}: one that is open to all by config is asked about`, (t) => {
    for (const cidr of ["0.0.0.0/0", "::/0"]) {
      const open = {
        endpointPrivateAccess: true,
        endpointPublicAccess: true,
        publicAccessCidrs: ["203.0.113.0/24", cidr],
      };
      const properties = at === "" ? open : { vpcConfig: open };
      t.deepEqual(openControlPlane.check({ ...cluster, properties }), [
        `${at}publicAccessCidrs: expected addresses by range, got "${cidr}"`,
      ]);
    }
    t.deepEqual(openControlPlane.check(cluster), []);
  });
}

test("a cluster whose network is known later isn't judged by it", (t) => {
  permits(t, guardedControlPlane, others.cluster!, "vpcConfig", unknown);
  permits(t, guardedControlPlane, others.cluster!, "vpcConfig.publicAccessCidrs", unknown);
});
