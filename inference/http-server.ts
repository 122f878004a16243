import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, Server as NetServer, type Socket } from "node:net";

/** A listening server that can end without failing a request. */
export interface HttpServer {
  readonly port: number;
  /** Takes over a connection that another process accepted. */
  adopt(socket: Socket): void;
  /**
   * Accepts no more, lets each open connection have its last answer, and ends when all are gone. One that stays idle is
   * closed when its keep-alive time is over, as always, and never sooner: its client may be about to send.
   *
   * @param timeoutMs - after which what is left is cut off.
   */
  drain(timeoutMs: number): Promise<void>;
}

export const defaultKeepAliveMs = 5000;

/**
 * @param port - 0 for any that is free.
 * @param keepAliveMs - how long an idle connection stays open. A load balancer in front must give its own up sooner, or
 *   its next request meets a closed one.
 * @throws Error naming the address where the port is taken.
 */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
  keepAliveMs: number = defaultKeepAliveMs,
): Promise<HttpServer> {
  const server = createServer(listener);
  server.keepAliveTimeout = keepAliveMs;
  // The time for a request's headers must not end a connection that may still be idle.
  server.headersTimeout = Math.max(server.headersTimeout, keepAliveMs + 1000);
  server.requestTimeout = Math.max(server.requestTimeout, server.headersTimeout);
  const busy = trackConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(listenError(cause, host, port)));
    server.listen({ host, port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    adopt: (socket) => void server.emit("connection", socket),
    drain: (timeoutMs) => drain(server, busy, timeoutMs),
  };
}

/** Open connections, each with the number of its requests that aren't answered yet. */
function trackConnections(server: Server): Map<Socket, number> {
  const busy = new Map<Socket, number>();
  server.on("connection", (socket: Socket) => {
    busy.set(socket, 0);
    socket.once("close", () => busy.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once("close", () => busy.has(socket) && busy.set(socket, busy.get(socket)! - 1));
  });
  return busy;
}

async function drain(server: Server, busy: Map<Socket, number>, timeoutMs: number): Promise<void> {
  // http.Server's own close would close idle connections at once.
  NetServer.prototype.close.call(server);
  // Node closes an idle connection a second after the time that it promised; this comes after that.
  const idleAfter = server.keepAliveTimeout + 2000;
  const close = (sockets: Iterable<Socket>) => {
    for (const socket of sockets) socket.destroy();
  };
  // Those that never sent a request have no keep-alive time.
  const closeIdle = setTimeout(
    () => close([...busy].filter(([, requests]) => requests === 0).map(([socket]) => socket)),
    idleAfter,
  );
  const closeAll = setTimeout(() => close(busy.keys()), Math.max(timeoutMs, 0));
  await Promise.all([...busy.keys()].map((socket) => new Promise((resolve) => socket.once("close", resolve))));
  clearTimeout(closeIdle);
  clearTimeout(closeAll);
  // Stops the timer that watches for slow requests, which outlives net.Server's close.
  server.close();
}

function listenError(cause: Error, host: string, port: number): Error {
  const { code } = cause as NodeJS.ErrnoException;
  const why =
    code === "EADDRINUSE"
      ? "another process has that port: stop it, or choose another port"
      : code === "EACCES"
        ? "this user may not: choose a port from 1024 on"
        : code === "EADDRNOTAVAIL" || code === "ENOTFOUND"
          ? "this machine has no such address"
          : cause.message;
  return new Error(`cannot listen on ${host}:${port}: ${why}`, { cause });
}
