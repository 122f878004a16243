import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, Server as NetServer, type Socket } from "node:net";
import { type Logger, pino } from "pino";
import { clientProblem, noTunnel } from "./http/client-errors.ts";
import { Connections } from "./http/connections.ts";
import { defaultLimits, type ServerLimits } from "./http/server-limits.ts";

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

/** Options of {@link listen}. */
export interface ListenOptions extends Partial<ServerLimits> {
  /** Told of what is refused before it is a request. @default one that is silent */
  readonly logger?: Logger;
}

/** How often limits of time are looked at. */
const checkMs = 1000;

/**
 * @param port - 0 for any that is free.
 * @throws Error naming the address where the port is taken.
 */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
  options: ListenOptions = {},
): Promise<HttpServer> {
  const { logger = pino({ level: "silent" }), ...given } = options;
  const limits = { ...defaultLimits, ...given };
  const connections = new Connections(limits, logger);
  const server = guardedServer(listener, limits, connections);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(listenError(cause, host, port)));
    server.listen({ host, port }, resolve);
  });
  // A connection that the system couldn't hand over, for want of a descriptor say, is no reason to end.
  server.on("error", (err) => logger.error({ err }, "a connection was lost"));
  const checks = setInterval(() => connections.check(), Math.min(checkMs, limits.answerMs)).unref();
  server.once("close", () => clearInterval(checks));
  return {
    port: (server.address() as AddressInfo).port,
    adopt(socket) {
      if (!connections.isFull) return void server.emit("connection", socket);
      socket.destroy();
      connections.drop();
    },
    drain: (timeoutMs) => drain(server, connections, timeoutMs),
  };
}

function guardedServer(listener: RequestListener, limits: ServerLimits, connections: Connections): Server {
  const answer: RequestListener = (request, response) => {
    connections.begin(request, response);
    listener(request, response);
  };
  const server = createServer(
    {
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: limits.headerMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(checkMs, limits.headerMs),
      maxHeaderSize: limits.headerBytes,
      // The front does, with a problem.
      requireHostHeader: false,
    },
    answer,
  );
  // An expectation that isn't known may be passed over (RFC 9110, 10.1.1).
  server.on("checkExpectation", answer);
  server.on("connection", (socket) => connections.accept(socket));
  server.on("clientError", (error, socket) => connections.refuse(socket as Socket, clientProblem(error)));
  server.on("connect", (_, socket) => connections.refuse(socket as Socket, noTunnel()));
  server.maxConnections = connections.most;
  server.on("drop", () => connections.drop());
  return server;
}

async function drain(server: Server, connections: Connections, timeoutMs: number): Promise<void> {
  connections.closeAfterAnswers();
  // http.Server's own close would close idle connections at once.
  NetServer.prototype.close.call(server);
  // Node closes an idle connection a second after the time that it promised; this comes after that. Those that never
  // sent a request have no keep-alive time.
  const destroyIdle = setTimeout(() => connections.destroyIdle(), server.keepAliveTimeout + 2000);
  const destroyAll = setTimeout(() => connections.destroyAll(), Math.max(timeoutMs, 0));
  await connections.closed();
  clearTimeout(destroyIdle);
  clearTimeout(destroyAll);
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
