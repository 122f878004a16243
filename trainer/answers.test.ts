import test from "ava";
import { answersFrom } from "./answers.ts";

test("the label is the first class of highest probability", (t) => {
  const probabilities = Float64Array.of(0.2, 0.5, 0.3, 0.4, 0.2, 0.4);
  t.deepEqual(answersFrom(probabilities, [3, 5, 9]).predictions, Float64Array.of(5, 3));
});
