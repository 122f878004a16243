import { kubernetesKind } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { get, is, problem } from "../values.ts";

const label = "pod-security.kubernetes.io/enforce";

/** Pod Security Admission refuses what no policy saw (https://kubernetes.io/docs/concepts/security/pod-security-admission/). */
export const restrictedNamespace: Rule = {
  name: "restricted-namespace",
  description: "Namespaces enforce the pod security standard `restricted`.",
  enforcement: "mandatory",
  check({ type, properties }) {
    if (kubernetesKind(type) !== "Namespace") return [];
    const level = get(properties, "metadata", "labels", label);
    return is(level, "restricted") ? [] : [problem(`metadata.labels["${label}"]`, '"restricted"', level)];
  },
};
