import { ApiError } from "../api-server.ts";
import type { KubernetesObject } from "../objects.ts";
import { modelOf, modelProblems } from "./models.ts";

const clusterKinds = new Set([
  "Namespace",
  "Node",
  "ClusterRole",
  "ClusterRoleBinding",
  "PersistentVolume",
  "StorageClass",
  "IngressClass",
  "PriorityClass",
  "CustomResourceDefinition",
  "GatewayClass",
  "ClusterIssuer",
]);

/** Whether objects of a kind lie in no namespace. */
export function isOfCluster(kind: string): boolean {
  return clusterKinds.has(kind);
}

/**
 * @param namespaced undefined for a kind that the server doesn't know
 * @throws ApiError where a server refuses the object, of whichever content: its kind, its name or a field that doesn't exist
 */
export function assertAdmissible(object: KubernetesObject, namespaced: boolean | undefined): void {
  const { apiVersion, kind, metadata } = object;
  if (namespaced === undefined) {
    throw new ApiError(404, "NotFound", `no matches for kind "${kind}" in version "${apiVersion}"`);
  }
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(metadata.name)) {
    const problem = `metadata.name: Invalid value: "${metadata.name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`;
    throw new ApiError(422, "Invalid", `${kind} "${metadata.name}" is invalid: ${problem}`);
  }
  const model = modelOf(object);
  const [problem] = model ? modelProblems(model, object) : [];
  if (!problem) return;
  const version = JSON.stringify(apiVersion);
  const message = `${kind} in version ${version} cannot be handled as a ${kind}: strict decoding error: ${problem}`;
  throw new ApiError(400, "BadRequest", message);
}
