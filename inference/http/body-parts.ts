/** From here on a body is large: what takes a millisecond to read is noticed by those who wait. */
export const largeBytes = 128 * 2 ** 10;

/**
 * Puts a body together. A large one whose length was told is put together as it comes, in memory that threads share, so
 * that no turn of the event loop copies it as a whole.
 */
export class BodyParts {
  readonly #length: number;
  #parts: Buffer[] = [];
  #size = 0;
  #shared: Buffer | undefined;

  /** @param length - bytes that are to come and no more; 0 where that isn't known. */
  constructor(length: number) {
    this.#length = length;
  }

  add(part: Buffer): void {
    this.#parts.push(part);
    this.#size += part.length;
    // No sooner: who says that much is to come may send nothing.
    if (this.#size >= largeBytes && this.#length >= this.#size) this.#share();
  }

  #share(): void {
    this.#shared ??= Buffer.from(new SharedArrayBuffer(this.#length));
    let at = this.#size - this.#parts.reduce((bytes, part) => bytes + part.length, 0);
    for (const part of this.#parts.splice(0)) {
      this.#shared.set(part, at);
      at += part.length;
    }
  }

  /** Lets go of what has come. */
  clear(): void {
    this.#parts = [];
    this.#shared = undefined;
  }

  /** The body, once it is there. */
  whole(): Buffer {
    if (this.#shared) return this.#shared;
    const [first] = this.#parts;
    return first && this.#parts.length === 1 ? first : Buffer.concat(this.#parts, this.#size);
  }
}
