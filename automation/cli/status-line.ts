import type { WriteStream } from "node:tty";

/** One line that says what is going on. */
export interface StatusLine {
  /** Shows a text: in place with the seconds that pass on a terminal, otherwise as a line, again each half minute. */
  show(text: string): void;
  /** Shows a text that changes often, in place and without seconds. */
  draw(text: string): void;
  /** Prints a line that stays, above the status. */
  print(line: string): void;
  clear(): void;
}

const plainEveryMs = 30_000;
const clearLine = "\r\x1b[2K";

/** A status line on a stream. */
export function statusLine(stream: Pick<WriteStream, "write"> & { isTTY?: boolean; columns?: number }): StatusLine {
  const inPlace = stream.isTTY === true;
  let text = "";
  let since = 0;
  let timer: NodeJS.Timeout | undefined;

  const put = (line: string) =>
    stream.write(inPlace ? clearLine + line.slice(0, (stream.columns || 80) - 1) : `${line}\n`);
  const tick = () => {
    const seconds = Math.floor((Date.now() - since) / 1000);
    put(seconds > 0 ? `${text} ${seconds} s` : text);
  };
  const show = (next: string) => {
    if (next === text) return;
    clearInterval(timer);
    text = next;
    since = Date.now();
    tick();
    timer = setInterval(tick, inPlace ? 1_000 : plainEveryMs);
    timer.unref();
  };
  return {
    show,
    draw(next) {
      clearInterval(timer);
      text = next;
      put(next);
    },
    print(line) {
      if (inPlace && text) stream.write(clearLine);
      stream.write(`${line}\n`);
      if (inPlace && text) put(text);
    },
    clear() {
      clearInterval(timer);
      if (inPlace && text) stream.write(clearLine);
      text = "";
    },
  };
}
