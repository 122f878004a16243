import test from "ava";
import { permits, refuses } from "../fixtures/changed.ts";
import { others, unknown } from "../fixtures/good.ts";
import { restrictedNamespace } from "./restricted-namespace.ts";

const path = ["metadata", "labels", "pod-security.kubernetes.io/enforce"];
const at = 'metadata.labels["pod-security.kubernetes.io/enforce"]';

for (const level of [undefined, "baseline", "privileged", ""]) {
  test(`a namespace that enforces ${level || "nothing"}${level === "" ? " in words" : ""} is refused`, (t) => {
    refuses(t, restrictedNamespace, others.namespace!, path, level, at);
  });
}

test("a namespace without labels is refused, and one whose labels are known later isn't", (t) => {
  refuses(t, restrictedNamespace, others.namespace!, "metadata.labels", undefined, at);
  permits(t, restrictedNamespace, others.namespace!, "metadata.labels", unknown);
});
