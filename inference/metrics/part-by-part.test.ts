import { setImmediate as nextTurn } from "node:timers/promises";
import test from "ava";
import { partByPart, rowsATurn } from "./part-by-part.ts";

test("a small request is counted at once, a large one a part a turn", async (t) => {
  const parts: [number, number][] = [];
  partByPart(3, (from, to) => parts.push([from, to]));
  t.deepEqual(parts.splice(0), [[0, 3]]);
  partByPart(2 * rowsATurn + 1, (from, to) => parts.push([from, to]));
  t.deepEqual(parts, [[0, rowsATurn]]);
  await nextTurn();
  await nextTurn();
  t.deepEqual(parts.slice(1), [
    [rowsATurn, 2 * rowsATurn],
    [2 * rowsATurn, 2 * rowsATurn + 1],
  ]);
});
