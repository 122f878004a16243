import test from "ava";
import fc from "fast-check";
import { HttpProblem } from "../http/http-problem.ts";
import { parsePythonJson } from "./python-json.ts";

test("a bare NaN is null, a bare Infinity is beyond a double; in texts and names both are as they are", (t) => {
  t.deepEqual(parsePythonJson('{"NaN": [NaN,-Infinity, Infinity], "a\\"NaN": "Infinity, \\\\", "b":NaN}'), {
    NaN: [null, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    'a"NaN': "Infinity, \\",
    b: null,
  });
});

for (const text of ["", "{", "Nan", '["NaN]', "[NaN1]", "NaNNaN", "Infinit", '"\\'])
  test(`${JSON.stringify(text)} is malformed`, (t) => {
    const error = t.throws(() => parsePythonJson(text), { instanceOf: HttpProblem });
    t.is(error.status, 400);
  });

test("whatever JSON holds is read as it is, and NaN among it as null", (t) => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.nat(), (values, at) => {
      const json = values.map((value) => JSON.stringify(value));
      t.deepEqual(parsePythonJson(`[${json.join()}]`), JSON.parse(`[${json.join()}]`));
      json.splice(at % (json.length + 1), 0, "NaN");
      const expected = JSON.parse(`[${json.map((one) => (one === "NaN" ? "null" : one)).join()}]`);
      t.deepEqual(parsePythonJson(`[${json.join()}]`), expected);
    }),
  );
});

test("whatever text comes, it is read or malformed", (t) => {
  const part = fc.constantFrom("NaN", "Infinity", "-", '"', "\\", "[", "]", ",", "1", "N", "I", "x");
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      try {
        parsePythonJson(parts.join(""));
        t.pass();
      } catch (error) {
        t.true(error instanceof HttpProblem && error.status === 400);
      }
    }),
    { numRuns: 3000 },
  );
});
