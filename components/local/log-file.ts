import { closeSync, copyFileSync, existsSync, openSync, readSync, statSync, truncateSync } from "node:fs";

/**
 * Moves a log's text to `<log>.1` once it is longer than `maxBytes`. Those who write to it go on in the emptied file, if
 * they opened it to append; a line that comes between copy and truncation is lost.
 */
export function rotateLog(log: string, maxBytes: number): void {
  if (logSize(log) <= maxBytes) return;
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
}

/** Bytes of the log; 0 where there is none. */
export function logSize(log: string): number {
  return existsSync(log) ? statSync(log).size : 0;
}

/**
 * The last lines that one process wrote: JSON lines with another `pid` are left out, plain text (a stack trace) isn't.
 *
 * @param from - where in the file to begin, in bytes; a rotation since then begins at 0.
 */
export function logTail(log: string, from: number, pid: number | undefined, lines = 20): string {
  const text = readFrom(log, from);
  const mine = text.split("\n").filter((line) => line !== "" && (pidOf(line) ?? pid) === pid);
  return mine.slice(-lines).join("\n");
}

function readFrom(log: string, from: number): string {
  const size = logSize(log);
  const begin = Math.max(from <= size ? from : 0, size - 65_536);
  const buffer = Buffer.alloc(Math.max(size - begin, 0));
  if (buffer.length === 0) return "";
  const file = openSync(log, "r");
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, begin)).toString("utf8");
  } finally {
    closeSync(file);
  }
}

function pidOf(line: string): number | undefined {
  return Number(/^\{.*?"pid":(\d+)/.exec(line)?.[1]) || undefined;
}
