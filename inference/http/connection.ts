import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { HttpProblem } from "./http-problem.ts";
import { hangUp } from "./raw-answer.ts";

/** A client's connection, and what is asked and answered on it. */
export class Connection {
  readonly socket: Socket;
  #unanswered = 0;
  /** The last request, and its answer. */
  #request: IncomingMessage | undefined;
  #response: ServerResponse | undefined;
  /** What was wrong with what came last. */
  #fault: HttpProblem | undefined;
  /** An answer that was on its way when last looked at, and since when, of performance.now(). */
  #sending: { readonly response: ServerResponse; readonly since: number } | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  get isIdle(): boolean {
    return this.#unanswered === 0;
  }

  begin(request: IncomingMessage, response: ServerResponse): void {
    this.#unanswered++;
    this.#request = request;
    this.#response = response;
    response.once("close", () => this.#answered());
  }

  /** The answer to the last request, where it isn't out yet, says that the connection closes. */
  closeAfterAnswer(): void {
    if (this.#response) this.#response.shouldKeepAlive = false;
  }

  /**
   * Answers what can't be read on, once: in its turn, and in a request's own answer where it is about the body of one.
   * (Node would write its answer at once, in place of the one to an earlier request, or as a second one to the same.)
   *
   * @returns whether no request's answer tells of it.
   */
  refuse(fault: HttpProblem): boolean {
    if (this.#fault) return false;
    this.#fault = fault;
    const [request, response] = [this.#request, this.#response];
    if (!this.socket.writable) this.socket.destroy();
    else if (!request || request.complete) {
      this.#hangUpWhenIdle();
      return true;
    } else if (response?.headersSent) this.socket.destroySoon();
    else {
      this.closeAfterAnswer();
      // What doesn't read the body answers without it.
      if (request.listenerCount("error") > 0) request.emit("error", fault);
    }
    return false;
  }

  /** Cuts off a client that doesn't take its answer; to be called now and then. @param ms - that it has for it. */
  cutIfStuck(ms: number, now: number): void {
    const response = this.#response;
    if (this.isIdle || !response?.writableEnded) return;
    if (this.#sending?.response !== response) this.#sending = { response, since: now };
    else if (now - this.#sending.since > ms) this.socket.destroy();
  }

  #answered(): void {
    this.#unanswered--;
    if (this.#fault) this.#hangUpWhenIdle();
  }

  #hangUpWhenIdle(): void {
    if (this.isIdle && this.socket.writable) hangUp(this.socket, this.#fault!);
  }
}
