import test from "ava";
import fc from "fast-check";
import { timestamp } from "./timestamp.ts";

test("a time is UTC to the second, whichever was asked before", (t) => {
  fc.assert(
    fc.property(fc.array(fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })), (times) => {
      for (const time of times) t.is(timestamp(time), time.toISOString().slice(0, 19));
    }),
  );
  t.is(timestamp(1_762_423_200_999), "2025-11-06T10:00:00");
  t.regex(timestamp(), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
});
