import test from "ava";
import { checkAnswers } from "./check-answers.ts";

const answers = (predictions: number[], probabilities: number[]) => ({
  predictions: Float64Array.from(predictions),
  probabilities: Float64Array.from(probabilities),
});
const expected = answers([0, 1], [0.75, 0.25, 0.125, 0.875]);

test("probabilities may differ by the rounding of a float", (t) => {
  t.notThrows(() => checkAnswers("a", answers([0, 1], [0.7500001, 0.2499999, 0.125, 0.875]), expected));
});

for (const [title, got, message] of [
  ["another label", answers([0, 0], [0.75, 0.25, 0.125, 0.875]), /^a, row 1: expected the label 1 .* got 0/],
  [
    "another probability",
    answers([0, 1], [0.75, 0.25, 0.1251, 0.875]),
    /^a, row 1: .* 0\.125, 0\.875, got 1 with 0\.1251/,
  ],
  ["no number", answers([0, 1], [Number.NaN, 0.25, 0.125, 0.875]), /^a, row 0: .*NaN/],
  ["a row too few", answers([0], [0.75, 0.25]), /^a: expected 2 predictions, got 1/],
  ["no probabilities", answers([0, 1], []), /^a: expected 4 probabilities, got 0/],
] as const)
  test(`${title} is an error that says where`, (t) => {
    t.throws(() => checkAnswers("a", got, expected), { message });
  });
