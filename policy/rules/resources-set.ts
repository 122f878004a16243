import { eachContainer } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { get, isSet, problem } from "../values.ts";

/** What the scheduler and the kernel need to know of a container. */
export const resourcesSet: Rule = {
  name: "resources-set",
  description: "Containers state requests and limits of CPU and memory.",
  enforcement: "mandatory",
  check: eachContainer(({ path, spec }) =>
    ["requests", "limits"].flatMap((kind) =>
      ["cpu", "memory"]
        .filter((resource) => !isSet(get(spec, "resources", kind, resource)))
        .map((resource) => problem(`${path}.resources.${kind}.${resource}`, "a quantity", undefined)),
    ),
  ),
};
