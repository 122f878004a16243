import test from "ava";
import { permits, refuses } from "../fixtures/changed.ts";
import { others, unknown, workloads } from "../fixtures/good.ts";
import { noServiceAccountToken } from "./no-service-account-token.ts";

for (const value of [undefined, true, null]) {
  test(`pods with automountServiceAccountToken ${value} are refused`, (t) => {
    for (const [workload, path] of workloads) {
      refuses(t, noServiceAccountToken, workload, `${path}.automountServiceAccountToken`, value);
    }
  });

  test(`a service account with automountServiceAccountToken ${value} is refused`, (t) => {
    refuses(t, noServiceAccountToken, others.serviceAccount!, "automountServiceAccountToken", value);
  });
}

test("what is known later is permitted", (t) => {
  permits(t, noServiceAccountToken, others.serviceAccount!, "automountServiceAccountToken", unknown);
});
