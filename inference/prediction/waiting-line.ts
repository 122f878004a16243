import { Overloaded } from "../overloaded.ts";

/** What {@link WaitingLine} lets in at once. */
export interface WaitingLineLimits {
  readonly requests: number;
  /** Bytes of their bodies; a request that has more is let in alone. */
  readonly bytes: number;
  /** How long one may wait for that. */
  readonly queueMs: number;
}

interface Waiting {
  readonly bytes: number;
  /** Of performance.now(). */
  readonly since: number;
  readonly isGone: () => boolean;
  enter(): void;
  refuse(error: Overloaded): void;
}

/**
 * Lets a few requests in at once; the others wait for their turn, in the order in which they came, and are sent away where
 * it takes too long. The last in line never is: there is time for it.
 */
export class WaitingLine {
  readonly #limits: WaitingLineLimits;
  readonly #line: Waiting[] = [];
  #requests = 0;
  #bytes = 0;

  constructor(limits: WaitingLineLimits) {
    this.#limits = limits;
  }

  /**
   * Does a task when it is its turn.
   *
   * @param bytes - of the request's body.
   * @param isGone - whether nobody waits for the task any more.
   * @throws {@link Overloaded} where it isn't done, and what the task throws.
   */
  async pass<T>(bytes: number, task: () => Promise<T>, isGone: () => boolean): Promise<T> {
    if (this.#line.length > 0 || !this.#hasRoom(bytes)) await this.#wait(bytes, isGone);
    else this.#enter(bytes);
    try {
      return await task();
    } finally {
      this.#requests--;
      this.#bytes -= bytes;
      this.#next();
    }
  }

  #hasRoom(bytes: number): boolean {
    if (this.#requests === 0) return true;
    return this.#requests < this.#limits.requests && this.#bytes + bytes <= this.#limits.bytes;
  }

  #enter(bytes: number): void {
    this.#requests++;
    this.#bytes += bytes;
  }

  #wait(bytes: number, isGone: () => boolean): Promise<void> {
    return new Promise((enter, refuse) => this.#line.push({ bytes, since: performance.now(), isGone, enter, refuse }));
  }

  #next(): void {
    const now = performance.now();
    for (let first = this.#line[0]; first; first = this.#line[0]) {
      const isLate = this.#line.length > 1 && now - first.since > this.#limits.queueMs;
      if (first.isGone() || isLate) first.refuse(new Overloaded());
      else if (this.#hasRoom(first.bytes)) {
        this.#enter(first.bytes);
        first.enter();
      } else return;
      this.#line.shift();
    }
  }
}
