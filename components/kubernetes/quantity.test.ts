import test from "ava";
import { quantity } from "./quantity.ts";

for (const [text, number] of [
  ["500m", 0.5],
  ["7000m", 7],
  ["2", 2],
  ["0.5", 0.5],
  ["512Mi", 512 * 1024 * 1024],
  ["1Gi", 1024 ** 3],
] as const)
  test(`${text} is ${number}`, (t) => {
    t.is(quantity(text), number);
  });
