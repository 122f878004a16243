/** How long one attempt of a request may take: as a whole, and without a sign of life. */
export class Patience {
  /** Aborts when either time is over. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #silence: NodeJS.Timeout;
  readonly #whole: NodeJS.Timeout;
  #over: string | undefined;

  /**
   * @param wholeMs - for the whole attempt, its answer's body included.
   * @param silenceMs - until the answer begins, and then until each next piece of it.
   */
  constructor(wholeMs: number, silenceMs: number) {
    this.signal = this.#controller.signal;
    this.#whole = setTimeout(() => this.#end(`no answer within ${wholeMs} ms`), wholeMs);
    this.#silence = setTimeout(() => this.#end(`nothing came for ${silenceMs} ms`), silenceMs);
  }

  /** What didn't come in time, in words; undefined while there is time. */
  get over(): string | undefined {
    return this.#over;
  }

  /** A piece of the answer came. */
  heard(): void {
    this.#silence.refresh();
  }

  /** The attempt has ended. */
  done(): void {
    clearTimeout(this.#whole);
    clearTimeout(this.#silence);
  }

  #end(why: string): void {
    this.#over ??= why;
    this.#controller.abort();
  }
}
