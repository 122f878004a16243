import { eachContainer } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { get, isSet, problem } from "../values.ts";

/** Without them a container that hangs stays, and one that isn't ready gets traffic. */
export const probesSet: Rule = {
  name: "probes-set",
  description: "Containers that run until they are stopped have a startup, a readiness and a liveness probe.",
  enforcement: "mandatory",
  check: eachContainer(({ path, spec, longRunning }) => {
    if (!longRunning) return [];
    return ["startupProbe", "readinessProbe", "livenessProbe"]
      .filter((probe) => !isSet(get(spec, probe)))
      .map((probe) => problem(`${path}.${probe}`, "a probe", undefined));
  }),
};
