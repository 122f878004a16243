import test from "ava";
import { pino } from "pino";
import { harmless } from "./harmless.ts";

test("a fault in counting doesn't get out, and is logged once", (t) => {
  const lines: string[] = [];
  const count = harmless(
    (rows: number) => {
      throw new Error(`no ${rows}`);
    },
    pino({}, { write: (line: string) => void lines.push(line) }),
  );
  count(1);
  count(2);
  t.is(lines.length, 1);
  t.like(JSON.parse(lines[0]!), { level: 50, err: { message: "no 1" } });
});
