import { writeSync } from "node:fs";

/** Between two writes at least, ms: a call of the system costs as much as all else that a line takes. */
const gatherMs = 10;
/** How long a full pipe is given before the next try, ms. */
const retryMs = 5;
/** How long the end of the process waits for a reader that takes nothing, ms. */
const lastWordsMs = 1000;
/** While a reader takes nothing, so many bytes are kept for it; later lines are lost, not the service's memory. */
export const bytesKept = 16 * 2 ** 20;

/**
 * Where a log's lines go: those of one turn of the event loop are written at once, by one call of the system, at the
 * turn's end, and those that follow within {@link gatherMs} together after it. At the end of the process, a crash
 * included, what is left is written first; only a SIGKILL loses it.
 *
 * (sonic-boom, pino's own, takes a call a line, or a thread; in its synchronous mode it sleeps a tenth of a second where
 * a pipe that another process made non-blocking is full.)
 */
export class LineGatherer {
  readonly #fd: number;
  readonly #write: typeof writeSync;
  #lines = "";
  /** Of earlier lines: what is still to be written. */
  #rest: Buffer = Buffer.alloc(0);
  #scheduled = false;
  #written = Number.NEGATIVE_INFINITY;
  #broken = false;

  /** @param write - stands in for the system's. */
  constructor(fd: number, write: typeof writeSync = writeSync) {
    this.#fd = fd;
    this.#write = write;
    process.on("exit", () => this.flushSync());
  }

  /** @param line - with its line break. */
  write(line: string): void {
    if (this.#broken || this.#rest.length + this.#lines.length > bytesKept) return;
    this.#lines += line;
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (performance.now() - this.#written >= gatherMs) setImmediate(this.#flush);
    else setTimeout(this.#flush, gatherMs);
  }

  /** Writes all that is left, now. pino asks for it after a line of level fatal. */
  flushSync(): void {
    const end = Date.now() + lastWordsMs;
    while (!this.#tryWrite() && Date.now() < end) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
  }

  readonly #flush = () => {
    this.#scheduled = !this.#tryWrite();
    this.#written = performance.now();
    if (this.#scheduled) setTimeout(this.#flush, retryMs);
  };

  /** @returns whether all is written. */
  #tryWrite(): boolean {
    try {
      while (this.#rest.length > 0 || this.#lines !== "") {
        if (this.#rest.length === 0) {
          this.#rest = Buffer.from(this.#lines);
          this.#lines = "";
        }
        this.#rest = this.#rest.subarray(this.#write(this.#fd, this.#rest));
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") return false;
      // Nobody reads any more, or the disk is full: the service goes on, and these lines are lost.
      this.#broken = code === "EPIPE";
      this.#rest = Buffer.alloc(0);
    }
    return true;
  }
}
