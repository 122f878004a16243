import test from "ava";
import fc from "fast-check";
import { BodyParts, largeBytes } from "./body-parts.ts";

const sizes = fc.array(fc.integer({ min: 1, max: largeBytes }), { maxLength: 6 });

test("the body is its parts, however large, and whether or not its length was told", (t) => {
  fc.assert(
    fc.property(sizes, fc.boolean(), (sizes, told) => {
      const sent = sizes.map((size, at) => Buffer.alloc(size, at + 1));
      const expected = Buffer.concat(sent);
      const parts = new BodyParts(told ? expected.length : 0);
      for (const part of sent) parts.add(part);
      const whole = parts.whole();
      t.true(whole.equals(expected));
      t.is(whole.buffer instanceof SharedArrayBuffer, told && expected.length >= largeBytes);
    }),
  );
});

test("no memory is taken for what only was told to come", (t) => {
  const parts = new BodyParts(Number.MAX_SAFE_INTEGER);
  parts.add(Buffer.alloc(largeBytes - 1));
  t.is(parts.whole().length, largeBytes - 1);
});
