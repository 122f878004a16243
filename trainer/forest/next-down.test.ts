import test from "ava";
import fc from "fast-check";
import { nextDown } from "./next-down.ts";

for (const [x, below] of [
  [1, 1 - 2 ** -53],
  [0, -Number.MIN_VALUE],
  [-0, -Number.MIN_VALUE],
  [-1, -1 - 2 ** -52],
  [Number.MIN_VALUE, 0],
] as const)
  test(`the next double below ${Object.is(x, -0) ? "-0" : x} is ${below}`, (t) => {
    t.is(nextDown(x), below);
  });

test("no double lies between", (t) => {
  const finite = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
  fc.assert(
    fc.property(finite, (x) => {
      const below = nextDown(x);
      t.true(below < x);
      const middle = below / 2 + x / 2;
      t.true(Math.abs(x) < 1e-300 || middle === below || middle === x);
    }),
  );
});
