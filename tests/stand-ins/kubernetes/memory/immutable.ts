import { canonical } from "../../bridged.ts";
import { at, type KubernetesObject } from "../objects.ts";

const paths: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Deployment: [["spec", "selector"]],
  Job: [
    ["spec", "selector"],
    ["spec", "template"],
    ["spec", "completions"],
  ],
  Service: [["spec", "clusterIP"]],
  Secret: [["type"]],
  RoleBinding: [["roleRef"]],
  ClusterRoleBinding: [["roleRef"]],
};

/** The first field that can't be changed and is, as the API server tells it. */
export function immutableChange(before: KubernetesObject, after: KubernetesObject): string | undefined {
  const sealed = before.immutable === true ? [["data"], ["binaryData"], ["immutable"]] : [];
  const changed = [...(paths[before.kind] ?? []), ...sealed].find(
    (path) => canonical(at(before, ...path) ?? null) !== canonical(at(after, ...path) ?? null),
  );
  if (!changed) return undefined;
  const reason = sealed.includes(changed as string[])
    ? "Forbidden: field is immutable when `immutable` is set"
    : `Invalid value: ${canonical(at(after, ...changed) ?? null)}: field is immutable`;
  return `${before.kind} "${before.metadata.name}" is invalid: ${changed.join(".")}: ${reason}`;
}
