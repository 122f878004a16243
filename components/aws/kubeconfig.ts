/** How to reach an EKS cluster. */
export interface EksEndpoint {
  readonly name: string;
  readonly region: string;
  /** As `https://….eks.amazonaws.com`. */
  readonly endpoint: string;
  /** Base64 of the certificate authority's PEM. */
  readonly certificateAuthority: string;
}

/**
 * A kubeconfig as JSON with a stable order of keys, without a secret: the AWS CLI gets a token from the credentials of whoever
 * uses it, as in one of `aws eks update-kubeconfig`.
 */
export function kubeconfig({ name, region, endpoint, certificateAuthority }: EksEndpoint): string {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
    interactiveMode: "Never",
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } }],
    users: [{ name, user: { exec } }],
  });
}
