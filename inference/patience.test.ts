import test from "ava";
import { Patience } from "./patience.ts";

test("a burst may wait long; once a line has stood for as long, a tenth of it", (t) => {
  const patience = new Patience(1000);
  patience.begin(5000);
  t.false(patience.isOver(5000, 6000));
  t.true(patience.isOver(5000, 6001));
  t.false(patience.isOver(5901, 6001));
  t.true(patience.isOver(5900, 6001));
});

test("a line that begins anew is a burst again", (t) => {
  const patience = new Patience(1000);
  patience.begin(0);
  t.true(patience.isOver(4800, 5000));
  patience.begin(4500);
  t.false(patience.isOver(4800, 5000));
});
