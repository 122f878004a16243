import test from "ava";
import { expectationJson, expectationParts, expectedModel } from "./expectation.ts";
import { testExpectation } from "./fixtures/settings.ts";
import { imageByDigest } from "./image-reference.ts";

const withRows = (count: number) => ({
  ...testExpectation,
  golden: { ...testExpectation.golden!, rows: Array.from({ length: count }, () => [123_456_789]) },
});

test("an expectation comes back from its JSON", (t) => {
  t.deepEqual(JSON.parse(expectationJson(withRows(1000))), withRows(1000));
});

test("a template tells which model its pods expect", (t) => {
  const { golden: _, ...model } = testExpectation;
  t.deepEqual(expectedModel(expectationParts(expectationJson(testExpectation)).annotations), model);
  t.is(expectedModel({}), undefined);
});

test("one that annotations can't hold is refused with the size, the limit and a way out", (t) => {
  t.throws(() => expectationJson(withRows(20_000)), {
    message:
      /churn_predictor_feast version 3: expected at most 204800 bytes.*got 2\d{5}: .*fewer rows \(it has 20000\)/,
  });
});

test("an image by digest passes", (t) => {
  const image = `10.240.0.1:5001/ml-inference@sha256:${"0".repeat(64)}`;
  t.is(imageByDigest(image), image);
});

for (const image of ["ml-inference:latest", "ml-inference", "ml-inference@sha256:abc", ""]) {
  test(`the image ${JSON.stringify(image)} is refused`, (t) => {
    t.throws(() => imageByDigest(image), { message: /^image: expected a reference by digest, as .*, got / });
  });
}
