/**
 * The nodes that an image runs on: where a cluster has both amd64 and arm64, a pod on the wrong ones only ends with "exec
 * format error".
 *
 * @param platform As `linux/amd64`.
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch
 */
export function nodeSelector(platform: string): Record<string, string> {
  const [os = "", architecture = ""] = platform.split("/");
  return { "kubernetes.io/os": os, "kubernetes.io/arch": architecture };
}
