import {
  ApiException,
  type ConfigurationOptions,
  type KubeConfig,
  Observable,
  type RequestContext,
  type ResponseContext,
} from "@kubernetes/client-node";
import { type ClusterAccess, loadKubeConfig } from "./cluster-access.ts";
import { ClusterError } from "./cluster-error.ts";

/** Longest wait for one answer of the API server. */
const answerMs = 30_000;

const limited: ConfigurationOptions = {
  middleware: [
    {
      pre: (request: RequestContext) => {
        request.setSignal(AbortSignal.timeout(answerMs));
        return new Observable(Promise.resolve(request));
      },
      post: (response: ResponseContext) => new Observable(Promise.resolve(response)),
    },
  ],
  middlewareMergeStrategy: "append",
};

/** A cluster that can be asked. */
export interface Cluster {
  readonly kubeConfig: KubeConfig;
  /** For messages: context and server. */
  readonly name: string;
  /**
   * Makes one request with fresh credentials.
   *
   * @param what The request in words, such as `read Service a/b`.
   * @param call Is given the options for a method of the API.
   * @throws ClusterError saying what went wrong with plugin, network, credentials or permissions; others with their status.
   */
  ask<T>(what: string, call: (options: ConfigurationOptions) => Promise<T>): Promise<T>;
}

/** @throws ClusterError where the kubeconfig is of no use. */
export function openCluster(access: ClusterAccess): Cluster {
  const kubeConfig = loadKubeConfig(access);
  const server = kubeConfig.getCurrentCluster()!.server;
  const name = `the cluster at ${server} (context "${kubeConfig.getCurrentContext()}")`;
  return {
    kubeConfig,
    name,
    async ask(what, call) {
      await authenticate(kubeConfig, name);
      try {
        return await call(limited);
      } catch (cause) {
        if (cause instanceof ClusterError) throw cause;
        throw requestError(name, what, cause);
      }
    },
  };
}

/** Gets the credentials, by themselves, so that a failing plugin isn't taken for a failing cluster; they are kept until they expire. */
async function authenticate(kubeConfig: KubeConfig, name: string): Promise<void> {
  try {
    await kubeConfig.applyToHTTPSOptions({});
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const command = kubeConfig.getCurrentUser()?.exec?.command;
    if (command === undefined) throw new ClusterError(`${name}: ${message}`, { cause });
    const plugin = `the credential plugin "${command}" of the kubeconfig`;
    if (code === "ENOENT")
      throw new ClusterError(`${name}: ${plugin} isn't on PATH: install it (aws is the AWS CLI, version 2)`, { cause });
    const said = message.trim().split("\n").at(-1);
    throw new ClusterError(
      `${name}: ${plugin} failed (${said}): expected credentials; are AWS_PROFILE and its sign-in (aws sso login) in order?`,
      { cause },
    );
  }
}

function requestError(name: string, what: string, cause: unknown): ClusterError {
  const status = statusOf(cause);
  const said = cause instanceof ApiException ? textOf(cause.body) : "";
  if (status === 401)
    return new ClusterError(
      `${name} doesn't know these credentials (cannot ${what}: 401): are they of this cluster, and, on EKS, has their role an access entry?`,
      { status, cause },
    );
  if (status === 403)
    return new ClusterError(
      `${name} doesn't allow whoever runs this to ${what} (403${said ? `: ${said}` : ""}): a Role must grant it`,
      { status, cause },
    );
  if (status !== undefined)
    return new ClusterError(`${name}: cannot ${what}: ${`${status} ${said}`.trim()}`, {
      status,
      passing: status >= 404,
      cause,
    });
  return new ClusterError(
    `cannot reach ${name} to ${what} (${networkReason(cause)}): is it up, does this network lead there (a private endpoint needs its VPN), and is the kubeconfig of today?`,
    { cause },
  );
}

/** An answer's status; an upgrade that was refused tells it in words alone. */
function statusOf(cause: unknown): number | undefined {
  if (cause instanceof ApiException) return cause.code;
  const status = /Unexpected server response: (\d{3})/.exec((cause as Error).message ?? "")?.[1];
  return status === undefined ? undefined : Number(status);
}

/** The text of a Status object, or of whatever a proxy said. */
function textOf(body: unknown): string {
  try {
    const { message } = typeof body === "string" ? JSON.parse(body) : (body as { message?: string });
    return message ?? "";
  } catch {
    return String(body).replace(/\s+/g, " ").slice(0, 120);
  }
}

/** What is at the bottom of a chain of causes; of errors of several addresses the first. */
function networkReason(error: unknown): string {
  const {
    cause,
    errors,
    error: inner,
    message,
    code,
  } = error as Error &
    NodeJS.ErrnoException & {
      errors?: unknown[];
      error?: unknown;
    };
  const next = cause ?? errors?.[0] ?? inner;
  if (next) return networkReason(next);
  if ((error as Error).name === "TimeoutError") return `no answer within ${answerMs / 1000} s`;
  return message || code || String(error);
}
