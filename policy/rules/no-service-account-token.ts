import { kubernetesKind, podOf } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { get, is, problem } from "../values.ts";

/** A token of the Kubernetes API is of use to an intruder alone: the service never asks that API. */
export const noServiceAccountToken: Rule = {
  name: "no-service-account-token",
  description: "Neither pods nor service accounts mount a token of the Kubernetes API.",
  enforcement: "mandatory",
  check(resource) {
    const pod = podOf(resource);
    const holder = kubernetesKind(resource.type) === "ServiceAccount" ? resource.properties : pod?.spec;
    if (holder === undefined) return [];
    const mounted = get(holder, "automountServiceAccountToken");
    const path = [pod?.path, "automountServiceAccountToken"].filter((part) => part !== undefined).join(".");
    return is(mounted, false) ? [] : [problem(path, "false", mounted)];
  },
};
