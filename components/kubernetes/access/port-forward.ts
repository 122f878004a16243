import { once } from "node:events";
import { type AddressInfo, createServer, type Server, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Cluster, openCluster } from "./cluster.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import { ClusterError } from "./cluster-error.ts";
import { parseServiceAddress, type ServiceAddress } from "./service-address.ts";
import { readyPods, type ServicePod } from "./service-pods.ts";
import { openTunnel } from "./tunnel.ts";

export interface PortForwardOptions {
  /**
   * How long a new connection waits for a ready pod, in ms, where the one before has gone.
   *
   * @default 30000
   */
  readonly patienceMs?: number;
}

/**
 * Makes a cluster's Service reachable on this machine while `use` runs, as `kubectl port-forward` does, but without kubectl,
 * and each connection goes to a pod that is ready then.
 *
 * @param uri The Service's, such as `http://mlflow-service.asgard.svc.cluster.local:5000`.
 * @param use Is given the same URI with `localhost` and a free port.
 * @throws ClusterError where cluster, Service or pod can't be reached, at the start or, with what `use` threw as its cause, later.
 */
export async function withPortForward<T>(
  access: ClusterAccess,
  uri: string,
  use: (localUri: string) => Promise<T>,
  { patienceMs = 30_000 }: PortForwardOptions = {},
): Promise<T> {
  const address = parseServiceAddress(uri);
  const forward = new Forward(openCluster(access), address, patienceMs);
  await forward.open();
  try {
    return await use(`http://localhost:${forward.port}${address.path}`);
  } catch (error) {
    const { failure } = forward;
    if (failure === undefined) throw error;
    throw new ClusterError(`${(error as Error).message}. The port-forward to ${uri} failed: ${failure.message}`, {
      cause: error,
    });
  } finally {
    await forward.close();
  }
}

function forbidden(error: ClusterError): ClusterError {
  const needed = "get on services, list on endpointslices.discovery.k8s.io, get and create on pods/portforward";
  return new ClusterError(`${error.message}. A port-forward needs, in the Service's namespace: ${needed}`, {
    status: 403,
    cause: error,
  });
}

class Forward {
  /** Why the newest connection had no way through; undefined where it had one. */
  failure: ClusterError | undefined;
  readonly #cluster: Cluster;
  readonly #address: ServiceAddress;
  readonly #patienceMs: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #closing = new AbortController();
  #pods: Promise<readonly ServicePod[]> | undefined;

  constructor(cluster: Cluster, address: ServiceAddress, patienceMs: number) {
    this.#cluster = cluster;
    this.#address = address;
    this.#patienceMs = patienceMs;
    this.#server = createServer((socket) => void this.#accept(socket));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Listens, once a first tunnel has shown that there is a way through. */
  async open(): Promise<void> {
    // Connected to nobody: what the pod sends first finds it closed.
    const probe = new Socket().on("error", () => undefined);
    await this.#tunnel(probe).catch((error) => {
      throw error instanceof ClusterError && error.status === 403 ? forbidden(error) : error;
    });
    probe.destroy();
    this.#server.listen(0, "localhost");
    await once(this.#server, "listening");
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #accept(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // A client that goes away is no failure.
    socket.on("error", () => undefined);
    try {
      await this.#tunnelInTime(socket);
      this.failure = undefined;
    } catch (error) {
      if (!this.#closing.signal.aborted) this.failure = error as ClusterError;
      socket.destroy();
    }
  }

  /** Where a pod has gone, it looks for another, which may take until the cluster has made it. */
  async #tunnelInTime(socket: Socket): Promise<void> {
    const { signal } = this.#closing;
    const last = performance.now() + this.#patienceMs;
    for (;;) {
      try {
        return await this.#tunnel(socket);
      } catch (error) {
        const passes = error instanceof ClusterError && error.passing;
        if (!passes || performance.now() > last || socket.destroyed) throw error;
        await delay(500, undefined, { signal });
      }
    }
  }

  async #tunnel(socket: Socket): Promise<void> {
    this.#pods ??= readyPods(this.#cluster, this.#address);
    const pods = this.#pods;
    try {
      const [pod] = await pods;
      await openTunnel(this.#cluster, pod!, socket, (error) => {
        this.failure = error;
        this.#pods = undefined;
      });
    } catch (error) {
      if (this.#pods === pods) this.#pods = undefined;
      throw error;
    }
  }
}
