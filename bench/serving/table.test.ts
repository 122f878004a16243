import test from "ava";
import { type Figures, medians } from "./figures.ts";
import { count, ms, ratio, table } from "./table.ts";

const ours: Figures = {
  startUpSeconds: 0.612,
  idleBytes: 91_400_000,
  loadedBytes: 130e6,
  rate16: 33_166.4,
  median16Ms: 0.4312,
  p99At16Ms: 1.1,
  rate128: 34_281,
  median128Ms: 3.5,
  p99At128Ms: 7.25,
  median1Ms: 0.0912,
  rowRate: 303_000,
};
const { rowRate: _, ...constant } = { ...ours, rate16: 36_000, rate128: 2_000 };

test("a row has a server's figures, and how many times as fast ours is", (t) => {
  const [header, rule, first, second] = table(
    [
      { title: "ours", figures: ours },
      { title: "Koa, a constant", figures: constant },
    ],
    ours,
  ).split("\n");
  t.is(
    first,
    "| ours | 33,166 | 1.00× | 0.431, 1.1 ms | 34,281 | 1.00× | 3.5, 7.25 ms | 0.0912 ms | 303,000 | 1.00× | 91, 130 MB | 0.61 s |",
  );
  t.is(
    second,
    "| Koa, a constant | 36,000 | 0.921× | 0.431, 1.1 ms | 2,000 | 17.1× | 3.5, 7.25 ms | 0.0912 ms |  |  | 91, 130 MB | 0.61 s |",
  );
  const cells = [header, rule, first, second].map((line) => line!.split(" | ").length);
  t.is(new Set(cells).size, 1);
});

test("each figure of several rounds is its own median", (t) => {
  const rounds = [ours, { ...ours, rate16: 1, median1Ms: 9 }, { ...ours, rate16: 40_000, median1Ms: 8 }];
  t.deepEqual(medians(rounds), { ...ours, median1Ms: 8 });
  t.false("rowRate" in medians([constant, constant]));
});

test("numbers have as many digits as they are good for", (t) => {
  t.deepEqual([0.04312, 4.312, 43.12, 431.2, 4312].map(ms), ["0.0431", "4.31", "43.1", "431", "4,312"]);
  t.deepEqual([0.9981, 9.49, 949.4].map(ratio), ["0.998×", "9.49×", "949×"]);
  t.is(count(1_234_567.8), "1,234,568");
});
