import { isObject, type Properties } from "../../rpc/values.ts";
import type { KubernetesObject } from "../objects.ts";

interface ManagedFields {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly fieldsType: string;
  readonly fieldsV1: Properties;
  readonly subresource?: string;
}

/** Managers whose fields the provider takes over. Source: fixCSAFieldManagers of pulumi-kubernetes, await.go */
const adopted: readonly Pick<ManagedFields, "manager" | "operation">[] = [
  { manager: "kubectl", operation: "Apply" },
  { manager: "kubectl", operation: "Update" },
  { manager: "before-first-apply", operation: "Update" },
  { manager: "pulumi-kubernetes", operation: "Update" },
  { manager: "pulumi-resource-kubernetes", operation: "Update" },
];

/**
 * A JSON patch by which a server-side manager owns what client-side calls wrote; undefined where there is nothing to adopt. It
 * holds the object's version, so that it fails rather than undoes what somebody wrote meanwhile.
 */
export function adoptPatch(live: KubernetesObject, manager: string): readonly object[] | undefined {
  const all = (live.metadata.managedFields ?? []) as ManagedFields[];
  const isAdopted = (one: ManagedFields) =>
    adopted.some((other) => other.manager === one.manager && other.operation === one.operation && !one.subresource);
  const [from, others] = [all.filter(isAdopted), all.filter((one) => !isAdopted(one))];
  if (from.length === 0) return undefined;
  const isMine = (one: ManagedFields) => one.manager === manager && one.operation === "Apply";
  const fieldsV1 = [...others.filter(isMine), ...from].map((one) => one.fieldsV1).reduce(union);
  const { apiVersion, fieldsType } = from[0]!;
  const mine: ManagedFields = { manager, operation: "Apply", apiVersion, fieldsType, fieldsV1 };
  return [
    { op: "replace", path: "/metadata/managedFields", value: [...others.filter((one) => !isMine(one)), mine] },
    { op: "replace", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion },
  ];
}

function union(a: Properties, b: Properties): Properties {
  const merged = Object.entries(b).map(([key, value]) => {
    const mine = a[key];
    return [key, isObject(mine) && isObject(value) ? union(mine, value) : value];
  });
  return { ...a, ...Object.fromEntries(merged) };
}
