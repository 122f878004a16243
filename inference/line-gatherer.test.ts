import { setImmediate as turn } from "node:timers/promises";
import test from "ava";
import { bytesKept, LineGatherer } from "./line-gatherer.ts";

/** A file descriptor of the test's own: `take` says how many bytes of a write it takes, or throws. */
function descriptor(take: (bytes: Buffer) => number) {
  const written: string[] = [];
  let told = () => {};
  const write = (_: number, bytes: NodeJS.ArrayBufferView | string) => {
    const all = bytes as Buffer;
    const count = take(all);
    written.push(all.toString("utf8", 0, count));
    told();
    return count;
  };
  const next = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });
  return { written, next, lines: new LineGatherer(1, write as never) };
}

function error(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test("the lines of one turn of the event loop are written at once, at its end", async (t) => {
  const { written, lines } = descriptor((bytes) => bytes.length);
  lines.write("a\n");
  lines.write("b\n");
  t.deepEqual(written, []);
  await turn();
  t.deepEqual(written, ["a\nb\n"]);
});

test("lines that follow soon after a write are gathered, turns long", async (t) => {
  const { written, next, lines } = descriptor((bytes) => bytes.length);
  lines.write("a\n");
  await turn();
  lines.write("b\n");
  await turn();
  lines.write("c\n");
  t.deepEqual(written, ["a\n"]);
  await next();
  t.deepEqual(written, ["a\n", "b\nc\n"]);
});

test("a write that takes a part is gone on with, within a character too", async (t) => {
  const { written, lines } = descriptor(() => 1);
  lines.write("aé\n");
  await turn();
  t.is(written.length, 4);
});

test("a full pipe is tried again, and the order kept", async (t) => {
  let full = true;
  const { written, next, lines } = descriptor((bytes) => {
    if (full) throw error("EAGAIN");
    return bytes.length;
  });
  lines.write("a\n");
  await turn();
  lines.write("b\n");
  full = false;
  await next();
  t.deepEqual(written, ["a\n", "b\n"]);
});

test("while nobody reads, what is kept is bounded, and what is kept is written later", async (t) => {
  let full = true;
  const { written, next, lines } = descriptor((bytes) => {
    if (full) throw error("EAGAIN");
    return bytes.length;
  });
  const line = `${"x".repeat(1023)}\n`;
  const many = 2 * (bytesKept / line.length);
  for (let at = 0; at < many; at++) {
    lines.write(line);
    if (at % 1000 === 0) await turn();
    if (at === 1000) t.is(written.length, 0);
  }
  full = false;
  await next();
  const bytes = written.join("").length;
  t.true(bytes > bytesKept / 2 && bytes < bytesKept * 1.5, String(bytes));
});

test("a reader that is gone ends the log, and a disk that is full loses lines, not the service", async (t) => {
  let code = "ENOSPC";
  let tried = () => {};
  const { written, lines } = descriptor((bytes) => {
    tried();
    if (code) throw error(code);
    return bytes.length;
  });
  const write = (line: string) =>
    new Promise<void>((resolve) => {
      tried = resolve;
      lines.write(line);
    });
  await write("a\n");
  code = "";
  await write("b\n");
  t.deepEqual(written, ["b\n"]);
  code = "EPIPE";
  await write("c\n");
  code = "";
  lines.write("d\n");
  lines.flushSync();
  t.deepEqual(written, ["b\n"]);
});
