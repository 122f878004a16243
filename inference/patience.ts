/** Of {@link Patience}, in milliseconds. */
export const defaultQueueMs = 1000;

/**
 * How long what waits in a line may wait. A burst may wait long: soon the line is gone. Where a line has stood for as long
 * as that, it is no burst, and who joins it waits for nothing but the line: then a tenth of that must do, so that a service
 * that is asked for more than it can do answers those whom it takes as fast as ever.
 *
 * After Ben Maurer, "Fail at Scale", ACM Queue 13(8), 2015, "Controlled Delay".
 */
export class Patience {
  readonly #ms: number;
  #lineBegan = 0;

  /** @param ms - that a burst may wait. */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Is told when a line begins, of performance.now(). */
  begin(now: number): void {
    this.#lineBegan = now;
  }

  /** Whether what has waited since then is to be sent away. */
  isOver(since: number, now: number): boolean {
    const stands = now - this.#lineBegan > this.#ms;
    return now - since > (stands ? this.#ms / 10 : this.#ms);
  }
}
