import { existsSync } from "node:fs";
import { Agent, type RequestOptions, request } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import type { Properties } from "../../rpc/values.ts";
import { ApiError } from "../api-server.ts";
import type { ProviderSettings } from "../settings.ts";

/** A request to an API server. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** @default "application/json" */
  readonly contentType?: string;
}

/** JSON over HTTPS to the API server of a kubeconfig. */
export class Connection {
  readonly #config: KubeConfig;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(config: KubeConfig) {
    this.#config = config;
  }

  /** @throws ApiError with the server's Status, where it refuses; Error where it can't be reached */
  async send({ method, path, query = {}, body, contentType = "application/json" }: ApiRequest): Promise<Properties> {
    const { server } = this.#config.getCurrentCluster()!;
    const url = new URL(`${server}${path}?${new URLSearchParams(query)}`);
    const options: RequestOptions = { method, headers: { accept: "application/json" } };
    await this.#config.applyToHTTPSOptions(options as never);
    const content = body === undefined ? "" : JSON.stringify(body);
    // Node.js gives a DELETE no length by itself.
    const described = { "content-type": contentType, "content-length": Buffer.byteLength(content) };
    const headers = { ...options.headers, ...(content !== "" && described) };
    const { code, text } = await new Promise<{ code: number; text: string }>((resolve, reject) => {
      const sent = request(url, { ...options, headers, agent: this.#agent }, (response) => {
        let received = "";
        response.setEncoding("utf8").on("data", (part) => {
          received += part;
        });
        response.once("error", reject).once("end", () => resolve({ code: response.statusCode!, text: received }));
      });
      sent.once("error", (cause) =>
        reject(new Error(`cannot reach the Kubernetes API server at ${server}: ${cause.message}`, { cause })),
      );
      sent.end(content);
    });
    if (!text.startsWith("{")) throw new ApiError(code, "Unknown", `${method} ${path}: ${text.trim()}`);
    const answer = JSON.parse(text) as Properties;
    if (answer.kind === "Status" && answer.status === "Failure") {
      throw new ApiError(Number(answer.code), String(answer.reason), String(answer.message), answer);
    }
    return answer;
  }
}

/**
 * The kubeconfig that a provider resource names, as text or as a file, or else the ambient one. One that asks the aws command for
 * a token is that of a cluster in the AWS stand-in: the ambient cluster stands for it.
 */
export function kubeConfigOf(
  { kubeconfig, context }: ProviderSettings,
  env: Readonly<Record<string, string | undefined>>,
): KubeConfig {
  const config = new KubeConfig();
  const isOfAws = kubeconfig !== undefined && /"?command"?:\s*"?aws\b/.test(kubeconfig);
  if (kubeconfig === undefined || isOfAws) {
    if (!env.KUBECONFIG)
      throw new Error("kubernetes: real needs a cluster: expected KUBECONFIG in the environment, got none");
    config.loadFromFile(env.KUBECONFIG);
  } else if (existsSync(kubeconfig)) config.loadFromFile(kubeconfig);
  else config.loadFromString(kubeconfig);
  if (context !== undefined && !isOfAws) config.setCurrentContext(context);
  return config;
}
