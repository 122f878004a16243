import { connect, createServer } from "node:net";

/**
 * Checks that a server could listen on an address, before time is spent on what it would serve.
 *
 * @throws Error naming the address, where it is taken or not this machine's.
 */
export async function assertPortFree(port: number, host: string): Promise<void> {
  // Where another process listens on all addresses, macOS lets a second one listen on a single one: so ask first.
  if (await answers(port, reachable(host))) throw portTaken(port, host);
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause) => reject(listenError(cause, port, host)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** What went wrong with `listen`, with what to do about it. */
export function listenError(cause: Error, port: number, host: string): Error {
  const { code } = cause as NodeJS.ErrnoException;
  return code === "EADDRINUSE"
    ? portTaken(port, host)
    : new Error(`cannot listen on ${host}:${port}: ${cause.message}`, { cause });
}

function portTaken(port: number, host: string): Error {
  return new Error(`port ${port} of ${host} is taken by another process: stop that one, or choose another port`);
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}

/** An address to connect to, for one to listen on. */
export function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
