import type { KubernetesObject } from "./objects.ts";

/** How a provider resource is configured, as far as it decides about replacements. */
export interface Mutability {
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
}

const byKind: Readonly<Record<string, readonly string[]>> = {
  "apps/v1/Deployment": ["spec.selector"],
  "apps/v1/DaemonSet": ["spec.selector"],
  "apps/v1/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
  "v1/ResourceQuota": ["spec.scopes"],
  "v1/Secret": ["type"],
  "v1/Service": ["spec.clusterIP"],
};

/**
 * Paths whose change, or a change below them, replaces an object. ConfigMaps and Secrets are replaced as a whole unless the
 * provider is told that they are mutable. Source: pulumi-kubernetes, provider/pkg/provider/diff.go
 */
export function forceNew(
  object: KubernetesObject,
  { enableConfigMapMutable, enableSecretMutable }: Mutability,
): string[] {
  const { apiVersion, kind, immutable } = object;
  const identity = ["metadata.name", "metadata.namespace"];
  const isCore = apiVersion === "v1";
  if (isCore && kind === "Secret" && (!enableSecretMutable || immutable === true))
    return [...identity, "type", "stringData", "data"];
  if (isCore && kind === "ConfigMap" && (!enableConfigMapMutable || immutable === true))
    return [...identity, "binaryData", "data"];
  return [...identity, ...(byKind[`${apiVersion}/${kind}`] ?? [])];
}
