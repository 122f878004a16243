import type { Socket } from "node:net";
import { Writable } from "node:stream";
import { PortForward } from "@kubernetes/client-node";
import type { Cluster } from "./cluster.ts";
import { ClusterError } from "./cluster-error.ts";
import type { ServicePod } from "./service-pods.ts";

/** Longest wait for the API server to open a tunnel. */
const openMs = 30_000;

type WebSocket = Exclude<Awaited<ReturnType<PortForward["portForward"]>>, () => unknown>;

/**
 * Ties a connection to a port of a pod, over a websocket through the API server; the two end together.
 *
 * @param onRefused Is told what the node says where it can't get through to the pod's port, after the tunnel is open.
 * @throws ClusterError where the tunnel can't be opened; the connection is then as it was.
 */
export async function openTunnel(
  cluster: Cluster,
  { namespace, name, port }: ServicePod,
  socket: Socket,
  onRefused: (error: ClusterError) => void,
): Promise<void> {
  const what = `forward port ${port} of pod ${namespace}/${name}`;
  const refusals = new Writable({
    write(chunk: Buffer, _encoding, done) {
      // The stream begins with an empty piece, what is left of the port's number.
      if (chunk.length > 0) {
        onRefused(new ClusterError(`${cluster.name}: cannot ${what}: ${chunk.toString("utf8").trim()}`));
        socket.destroy();
      }
      done();
    },
  });
  const tunnel = await cluster.ask(what, () =>
    withinTime(new PortForward(cluster.kubeConfig).portForward(namespace, name, [port], socket, refusals, socket)),
  );
  const webSocket = tunnel as WebSocket;
  webSocket.addEventListener("close", () => socket.end());
  webSocket.addEventListener("message", () => {
    if (!socket.writableNeedDrain || webSocket.isPaused) return;
    webSocket.pause();
    socket.once("drain", () => webSocket.resume());
  });
  socket.once("close", () => webSocket.terminate());
  if (socket.destroyed) webSocket.terminate();
  if (webSocket.readyState > webSocket.OPEN) socket.end();
}

/** A tunnel that opens too late is closed again. */
async function withinTime<T>(opening: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${openMs / 1000} s`)), openMs);
  });
  try {
    return await Promise.race([opening, late]);
  } catch (error) {
    opening.then((tunnel) => (tunnel as WebSocket).terminate()).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
