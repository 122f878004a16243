import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import { Connection } from "./connection.ts";
import type { HttpProblem } from "./http-problem.ts";
import type { ServerLimits } from "./server-limits.ts";
import { markSurplus } from "./surplus-connections.ts";

/** Connections above the limit that are taken all the same: to be told so, and for probes. */
const spare = 64;

/** All open connections of a server, within its limits. */
export class Connections {
  /** With the spare ones; what is above that is to be dropped. */
  readonly most: number;
  readonly #open = new Map<Socket, Connection>();
  readonly #limits: Pick<ServerLimits, "connections" | "answerMs">;
  readonly #logger: Logger;
  #dropped = 0;

  constructor(limits: Pick<ServerLimits, "connections" | "answerMs">, logger: Logger) {
    this.most = limits.connections + spare;
    this.#limits = limits;
    this.#logger = logger;
  }

  get isFull(): boolean {
    return this.#open.size >= this.most;
  }

  accept(socket: Socket): void {
    this.#open.set(socket, new Connection(socket));
    socket.once("close", () => this.#open.delete(socket));
    if (this.#open.size > this.#limits.connections) markSurplus(socket);
  }

  /** One was dropped that was too many. */
  drop(): void {
    this.#dropped++;
  }

  begin(request: IncomingMessage, response: ServerResponse): void {
    this.#open.get(request.socket)?.begin(request, response);
  }

  /** Answers what is no request, and closes. */
  refuse(socket: Socket, problem: HttpProblem): void {
    if (!this.#open.get(socket)?.refuse(problem)) return;
    this.#logger.info({ status: problem.status, detail: problem.message }, "refused");
  }

  /** What is to be done now and then. */
  check(): void {
    const now = performance.now();
    for (const connection of this.#open.values()) connection.cutIfStuck(this.#limits.answerMs, now);
    if (this.#dropped === 0) return;
    this.#logger.warn({ dropped: this.#dropped, limit: this.#limits.connections }, "too many connections");
    this.#dropped = 0;
  }

  /** What is being asked is the last that is on its connection. */
  closeAfterAnswers(): void {
    for (const connection of this.#open.values()) connection.closeAfterAnswer();
  }

  destroyIdle(): void {
    for (const { isIdle, socket } of this.#open.values()) if (isIdle) socket.destroy();
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  /** Resolves when all that are open now are closed. */
  async closed(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((socket) => new Promise((resolve) => socket.once("close", resolve))));
  }
}
