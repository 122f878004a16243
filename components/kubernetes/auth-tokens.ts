const name = "auth-tokens";
const folder = "/etc/ml-inference-tokens";
const key = "tokens";

/**
 * What carries the bearer tokens of a Secret into a pod: a file, which follows the Secret's content while the pod runs. (A
 * variable wouldn't, nor would a file that is mounted by `subPath`.) Without such a Secret, or such a key in it, no pod
 * starts.
 *
 * @param secretName Empty where the service is open.
 */
export function authTokensParts(secretName: string) {
  if (secretName === "") return { env: [], mounts: [], volumes: [] };
  return {
    env: [{ name: "AUTH_TOKENS_FILE", value: `${folder}/${key}` }],
    mounts: [{ name, mountPath: folder, readOnly: true }],
    volumes: [{ name, secret: { secretName, items: [{ key, path: key }] } }],
  };
}
