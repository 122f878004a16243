import test from "ava";
import { compareGolden, parseExpectation } from "./expectation.ts";
import { artifactFixture } from "./fixture.ts";

const { golden } = artifactFixture();
const expectation = { modelName: "churn", modelVersion: "3", sha256: "0".repeat(64), golden };

test("equal answers have no difference, within the tolerance", (t) => {
  t.is(compareGolden(golden, golden.probabilities, golden.predictions), undefined);
  const near = [[0.25 + 9e-7, 0.75 - 9e-7], golden.probabilities[1]!];
  t.is(compareGolden(golden, near, golden.predictions), undefined);
});

test("the first difference is named by row and value", (t) => {
  const far = [golden.probabilities[0]!, [0.9, 0.1 + 2e-6]];
  t.regex(compareGolden(golden, far, golden.predictions) ?? "", /^row 1, probability 1: expected 0\.1, got 0\.100002/);
  t.is(compareGolden(golden, golden.probabilities, [1, 1]), "row 1: expected prediction 0, got 1");
});

test("an answer that is no number, or not there, is a difference", (t) => {
  t.regex(compareGolden(golden, [[Number.NaN, 0.75], golden.probabilities[1]!], [1, 0]) ?? "", /^row 0, probability 0/);
  t.regex(compareGolden(golden, golden.probabilities.slice(1), [1, 0]) ?? "", /expected 2 rows of probabilities/);
  t.regex(compareGolden(golden, golden.probabilities, [1]) ?? "", /expected 2 predictions/);
  t.regex(compareGolden(golden, [[1], [1]], [1, 0]) ?? "", /^row 0: expected 2 probabilities/);
});

test("an expectation reads back as it was written, with a golden sample or without", (t) => {
  t.deepEqual(parseExpectation(JSON.stringify(expectation), "E"), expectation);
  const { golden: _, ...bare } = expectation;
  t.deepEqual(parseExpectation(JSON.stringify(bare), "E"), bare);
});

const wrong: Record<string, [unknown, RegExp]> = {
  "a digest that is none": [{ ...expectation, sha256: "abc" }, /^E: \/sha256 must match/],
  "a version that is no number": [{ ...expectation, modelVersion: "latest" }, /^E: \/modelVersion must match/],
  "a missing name": [{ ...expectation, modelName: undefined }, /^E: .*modelName/],
  "an unknown property": [{ ...expectation, version: 3 }, /^E: .*additional properties \(version\)/],
  "a short row": [
    { ...expectation, golden: { ...golden, rows: [[1], [2, 3]] } },
    /^E: golden: expected 2 values in row 0/,
  ],
  "a text as value": [
    { ...expectation, golden: { ...golden, rows: [["1", 2]] } },
    /^E: \/golden\/rows\/0\/0 must be number/,
  ],
};
for (const [what, [value, message]] of Object.entries(wrong))
  test(`${what} is an error that says where`, (t) => {
    t.throws(() => parseExpectation(JSON.stringify(value), "E"), { message });
  });

test("a text that is no JSON is an error that says where", (t) => {
  t.throws(() => parseExpectation("{", "E.json"), { message: /^E\.json: expected JSON, got "\{"/ });
});
