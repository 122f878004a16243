import test from "ava";
import fc from "fast-check";
import { writeShares } from "./leaf-value.ts";

const weights = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 8 });

test("shares are multiples of 2^-32, close to the exact ones, and add up to exactly 1", (t) => {
  fc.assert(
    fc.property(weights, (list) => {
      const total = list.reduce((sum, weight) => sum + weight, 0);
      fc.pre(total > 0);
      const shares = new Float64Array(list.length);
      writeShares(list, shares, 0);
      t.is(
        shares.reduce((sum, share) => sum + share, 0),
        1,
      );
      shares.forEach((share, k) => {
        t.is((share * 2 ** 32) % 1, 0);
        t.true(Math.abs(share - list[k]! / total) <= 2 ** -32);
        if (list[k] === 0) t.is(share, 0);
      });
    }),
  );
});

test("a tie of two classes is exact", (t) => {
  const shares = [0, 0];
  writeShares([7, 7], shares, 0);
  t.deepEqual(shares, [0.5, 0.5]);
});
