import test from "ava";
import { Random, shuffled } from "./random.ts";

const draw = (seed: number, stream: number, count: number, limit = 1000) => {
  const random = new Random(seed, stream);
  return Array.from({ length: count }, () => random.below(limit));
};

test("a stream of a seed gives the same numbers every time", (t) => {
  t.deepEqual(draw(1, 2, 50), draw(1, 2, 50));
});

test("streams and seeds differ, also where their numbers are swapped", (t) => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 20; seed++)
    for (let stream = 0; stream < 20; stream++) seen.add(draw(seed, stream, 4).join());
  t.is(seen.size, 400);
});

test("numbers are spread evenly", (t) => {
  const counts = new Array(10).fill(0);
  for (const value of draw(0, 0, 100_000, 10)) counts[value]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  t.true(chiSquare < 28, `chi square ${chiSquare}: one in a thousand is above 28`);
});

test("a shuffle holds each number once, each at each place alike", (t) => {
  const counts = Array.from({ length: 4 }, () => new Array(4).fill(0));
  const random = new Random(3, 0);
  for (let round = 0; round < 8000; round++) {
    const order = shuffled(4, random);
    t.deepEqual([...order].sort(), [0, 1, 2, 3]);
    order.forEach((value, place) => {
      counts[place]![value]++;
    });
  }
  for (const count of counts.flat()) t.true(Math.abs(count - 2000) < 200);
});
