import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { ClusterError } from "./cluster-error.ts";

/**
 * How to get at a cluster; plain data without a secret, so that it may lie in a stack's state: a context of this machine's
 * kubeconfig, the current one where it is empty, or the text of a kubeconfig whose credentials come from an exec plugin.
 */
export type ClusterAccess = { readonly kubeContext: string } | { readonly kubeconfig: string };

const howToGetOne = "aws eks update-kubeconfig --name CLUSTER makes one for EKS";

/**
 * Reads the kubeconfig that an access names; asks no cluster yet.
 *
 * @throws ClusterError where there is none, it can't be read, or it has no such context.
 */
export function loadKubeConfig(access: ClusterAccess): KubeConfig {
  if ("kubeconfig" in access) {
    const config = read("the given kubeconfig", (empty) => empty.loadFromString(access.kubeconfig));
    return checked(config, "the given kubeconfig");
  }
  const { config, source } = defaultConfig();
  const { kubeContext } = access;
  if (kubeContext !== "") {
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(kubeContext)) {
      const known = names.length > 0 ? `it has ${names.join(", ")}` : "it has none";
      throw new ClusterError(`no context "${kubeContext}" in ${source}: ${known}; ${howToGetOne}`);
    }
    config.setCurrentContext(kubeContext);
  }
  return checked(config, source);
}

/** As kubectl finds it: the files of KUBECONFIG that are there, else ~/.kube/config, else what a pod is given. */
function defaultConfig(): { config: KubeConfig; source: string } {
  const listed = process.env.KUBECONFIG?.split(delimiter).filter((file) => file !== "") ?? [];
  const places = listed.length > 0 ? listed : [join(homedir(), ".kube", "config")];
  const [first, ...others] = places.filter((file) => existsSync(file));
  if (first === undefined) {
    if (listed.length === 0 && process.env.KUBERNETES_SERVICE_HOST)
      return { config: read("the pod's ServiceAccount", (empty) => empty.loadFromCluster()), source: "the pod" };
    throw new ClusterError(
      `no kubeconfig: expected a file at ${places.join(" or ")} (KUBECONFIG names others); ${howToGetOne}`,
    );
  }
  const config = read(first, (empty) => empty.loadFromFile(first));
  for (const file of others) {
    const more = read(file, (empty) => empty.loadFromFile(file));
    read(file, () => config.mergeConfig(more, true));
  }
  return { config, source: [first, ...others].join(", ") };
}

function read(source: string, load: (empty: KubeConfig) => void): KubeConfig {
  const config = new KubeConfig();
  try {
    load(config);
    return config;
  } catch (cause) {
    throw new ClusterError(`${source}: expected a kubeconfig, got ${(cause as Error).message}`, { cause });
  }
}

function checked(config: KubeConfig, source: string): KubeConfig {
  const context = config.getCurrentContext();
  if (!context) throw new ClusterError(`${source} has no current context: name one with kubeContext`);
  const lacking = config.getCurrentCluster() ? (config.getCurrentUser() ? undefined : "user") : "cluster";
  if (lacking)
    throw new ClusterError(`${source}: expected context "${context}" with a ${lacking} of that file, got none`);
  return config;
}
