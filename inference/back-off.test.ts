import test from "ava";
import fc from "fast-check";
import { backOff } from "./back-off.ts";

test("a wait doubles with each failure up to the longest, and is at least half of that", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 1e4 }), (failures, firstMs) => {
      const full = Math.min(firstMs * 2 ** (failures - 1), 60_000);
      const wait = backOff(failures, firstMs, 60_000);
      return wait >= full / 2 && wait <= full;
    }),
  );
  const waits = new Set(Array.from({ length: 20 }, () => backOff(3, 1000, 60_000)));
  t.true(waits.size > 1);
});
