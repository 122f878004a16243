import test from "ava";
import fc from "fast-check";
import { inChunks } from "./in-chunks.ts";

test("every row is worked at once, in chunks of the size, as many side by side as may be", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(50),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 4 }),
      async (count, size, atOnce) => {
        const rows: number[] = [];
        let now = 0;
        await inChunks(count, { size, atOnce }, async (from, to) => {
          now++;
          t.true(now <= atOnce && to - from <= size && from < to);
          for (let row = from; row < to; row++) rows.push(row);
          await null;
          now--;
        });
        t.deepEqual(
          rows.sort((a, b) => a - b),
          Array.from({ length: count }, (_, row) => row),
        );
      },
    ),
  );
});

test("after a failure the rest isn't begun, and what is under way is called off", async (t) => {
  const begun: number[] = [];
  let off = false;
  const work = async (from: number, _: number, signal: AbortSignal) => {
    begun.push(from);
    if (from === 1) throw new Error("down");
    if (from === 0) signal.addEventListener("abort", () => (off = true));
  };
  await t.throwsAsync(inChunks(100, { size: 1, atOnce: 2 }, work), { message: "down" });
  t.true(begun.length < 100);
  t.true(off);
});
