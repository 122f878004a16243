import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { HttpProblem } from "../../inference/http/http-problem.ts";
import { rawAnswer } from "../../inference/http/raw-answer.ts";
import type { Instance } from "./instance.ts";
import { listenError } from "./port.ts";

const unavailable = new HttpProblem(503, "no instance of the service is ready", { headers: { "Retry-After": "5" } });

/** Connections that wait for an instance, at most; further ones are turned away. */
const maxWaiting = 1000;
const maxWaitMs = 10_000;

/**
 * The port that clients know. This process accepts each connection and passes it, unread, to the serving instance, in
 * order; so no connection is lost when another instance takes over, and while one that crashed is started again the
 * connections wait here. (node:cluster would close the socket with its last worker: for that time connections would be
 * refused and the port be anyone's.)
 */
export class PublicSocket {
  readonly #server: Server;
  readonly #waiting = new Map<Socket, NodeJS.Timeout>();
  #instance: Instance | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      // A client that goes away is no event here.
      socket.on("error", () => {});
      this.#pass(socket);
    });
    // A connection that the system couldn't hand over, for want of memory say, is no reason to drop the others.
    server.on("error", () => {});
  }

  /** @throws Error naming the address, where it is taken. */
  static async listen(host: string, port: number): Promise<PublicSocket> {
    const server = createServer({ pauseOnConnect: true, noDelay: true });
    const publicSocket = new PublicSocket(server);
    server.listen({ host, port, exclusive: true, backlog: 1024 });
    await once(server, "listening").catch((cause) => {
      throw listenError(cause, port, host);
    });
    return publicSocket;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on connections go to this instance, those that wait first; without one they wait. */
  passTo(instance: Instance | undefined): void {
    this.#instance = instance;
    if (!instance) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [socket, timeout] of waiting) {
      clearTimeout(timeout);
      this.#pass(socket);
    }
  }

  /** Accepts no more; those that wait are turned away. */
  close(): void {
    this.#server.close();
    for (const socket of this.#waiting.keys()) this.#turnAway(socket);
  }

  #pass(socket: Socket): void {
    const instance = this.#instance;
    // Another instance may have taken over by the time that this one refuses.
    if (instance) instance.take(socket, () => (this.#instance === instance ? this.#wait(socket) : this.#pass(socket)));
    else this.#wait(socket);
  }

  #wait(socket: Socket): void {
    if (this.#waiting.size >= maxWaiting) this.#turnAway(socket);
    else
      this.#waiting.set(
        socket,
        setTimeout(() => this.#turnAway(socket), maxWaitMs),
      );
  }

  #turnAway(socket: Socket): void {
    clearTimeout(this.#waiting.get(socket));
    this.#waiting.delete(socket);
    socket.resume();
    socket.end(rawAnswer(unavailable));
  }
}
