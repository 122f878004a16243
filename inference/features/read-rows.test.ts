import test from "ava";
import fc from "fast-check";
import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import { problemsOf } from "../fixtures/problems-of.ts";
import { compileColumn } from "./feature-column.ts";
import { InvalidFeatures, maxProblems, TooManyRows } from "./feature-problem.ts";
import { readColumns } from "./read-columns.ts";
import { readInstances } from "./read-instances.ts";

const specs: ColumnSpec[] = [
  { name: "age", type: "long", required: true },
  { name: "income", type: "double", required: false },
  { name: "__proto__", type: "boolean", required: true },
];
const columns = specs.map(compileColumn);
const options = { rowLimit: 10, ignoreUnknown: false };
const inputs = (json: string) => readColumns(columns, JSON.parse(json), options);
const instances = (json: string) => readInstances(columns, JSON.parse(json), options);

test("columns and instances of the same values are the same rows, row by row, null and absent ones as NaN", (t) => {
  const expected = Float64Array.of(3, 0.5, 1, -1, Number.NaN, 0);
  t.deepEqual(inputs('{"age":[3,-1],"income":[0.5,null],"__proto__":[true,false]}'), { count: 2, values: expected });
  t.deepEqual(instances('[{"age":3,"income":0.5,"__proto__":true},{"__proto__":0,"age":-1}]'), {
    count: 2,
    values: expected,
  });
  t.deepEqual(inputs('{"age":[3],"__proto__":[1]}').values, Float64Array.of(3, Number.NaN, 1));
});

const integer = "an integer of at most 53 bits";
for (const [json, ...expected] of [
  ["null", "type inputs: an object with one array a feature | null"],
  ["[]", "type inputs: an object with one array a feature | an array of 0"],
  ['{"age":[],"__proto__":[]}', "empty inputs: at least one row | no rows"],
  ['{"income":[1]}', `missing inputs.age: ${integer} | nothing`, "missing inputs.__proto__: true or false | nothing"],
  [
    '{"age":[1],"__proto__":[true],"a.b":[1]}',
    'unknown inputs["a.b"]: one of age, income, __proto__ | an unknown feature',
  ],
  [
    '{"age":[1],"__proto__":[true],"toString":1}',
    "unknown inputs.toString: one of age, income, __proto__ | an unknown feature",
  ],
  ['{"age":7,"__proto__":[true]}', "type inputs.age: an array, a value a row | the number 7"],
  ['{"age":[1,2],"__proto__":[true]}', "length inputs.__proto__: 2 values, as inputs.age has | 1 values"],
  ['{"age":[1.5],"__proto__":[true]}', `type inputs.age[0]: ${integer} | the number 1.5`],
  [
    '{"age":[1,9007199254740993],"__proto__":[true,true]}',
    `type inputs.age[1]: ${integer} | the number 9007199254740992`,
  ],
  ['{"age":[null],"__proto__":[true]}', `type inputs.age[0]: ${integer} | null`],
  ['{"age":[1],"__proto__":["yes"]}', 'type inputs.__proto__[0]: true or false | the string "yes"'],
  [
    '{"age":[1],"__proto__":[true],"income":[1e999]}',
    "type inputs.income[0]: a finite number, or null | a number beyond the range of a double",
  ],
] as const)
  test(`columns ${json} are refused, saying what and where`, (t) => {
    t.deepEqual(
      problemsOf(() => inputs(json)),
      [...expected],
    );
  });

for (const [json, ...expected] of [
  ["{}", "type instances: an array with an object a row | an object"],
  ["[]", "empty instances: at least one row | no rows"],
  ["[5]", "type instances[0]: an object with a value a feature | the number 5"],
  [
    '[{"age":1,"__proto__":true},{"age":[1],"x":2}]',
    "missing instances[1].__proto__: true or false | nothing",
    "unknown instances[1].x: one of age, income, __proto__ | an unknown feature",
    `type instances[1].age: ${integer} | an array of 1`,
  ],
] as const)
  test(`instances ${json} are refused, saying what and where`, (t) => {
    t.deepEqual(
      problemsOf(() => instances(json)),
      [...expected],
    );
  });

test("at most so many problems are named", (t) => {
  const many = Array(maxProblems + 20).fill("x");
  t.is(problemsOf(() => readColumns(columns, { age: many }, { ...options, rowLimit: 1000 })).length, maxProblems);
  t.is(problemsOf(() => readInstances(columns, many, { ...options, rowLimit: 1000 })).length, maxProblems);
});

test("more rows than the limit are too many", (t) => {
  t.throws(() => inputs(`{"age":[${Array(11).fill(1)}],"__proto__":[${Array(11).fill(1)}]}`), {
    instanceOf: TooManyRows,
    message: /at most 10 rows/,
  });
  t.throws(() => instances(`[${Array(11).fill("{}")}]`), { instanceOf: TooManyRows, message: /got 11/ });
});

for (const [type, accepted, refused] of [
  ["double", [0, -1.5, 1e308], ["1", true, null, Number.POSITIVE_INFINITY]],
  ["float", [0, 3.4028234663852886e38], [3.5e38, "1"]],
  ["long", [0, -(2 ** 53) + 1], [2 ** 53, 0.5, "1"]],
  ["integer", [2 ** 31 - 1, -(2 ** 31)], [2 ** 31, 0.5, true]],
  ["boolean", [true, false, 0, 1], [2, "true", null]],
] as const)
  test(`a ${type} column takes ${accepted} and refuses ${refused}`, (t) => {
    const column = compileColumn({ name: "x", type, required: true });
    for (const value of accepted) t.is(column.read(value), Number(value));
    for (const value of refused) t.is(column.read(value), undefined);
  });

const places = [
  { name: "city", type: "string", required: false },
  { name: "age", type: "long", required: true },
] as const;

test("texts lie beside the numbers, a missing one as NaN among them", (t) => {
  const expected = { count: 2, values: Float64Array.of(0, 1, Number.NaN, 2), texts: [["Oslo", ""], undefined] };
  const compiled = places.map(compileColumn);
  t.deepEqual(readColumns(compiled, { city: ["Oslo", null], age: [1, 2] }, options), expected);
  t.deepEqual(readInstances(compiled, [{ city: "Oslo", age: 1 }, { age: 2 }], options), expected);
  t.deepEqual(
    problemsOf(() => readColumns(compiled, { city: [3], age: [1] }, options)),
    ["type inputs.city[0]: a text, or null | the number 3"],
  );
});

test("unknown features are passed over where that is asked for", (t) => {
  const ignoring = { ...options, ignoreUnknown: true };
  const given = { age: [1], ["__proto__"]: [true], other: "anything" };
  t.is(readColumns(columns, given, ignoring).count, 1);
  t.is(readInstances(columns, [{ age: 1, ["__proto__"]: true, other: {} }], ignoring).count, 1);
});

test("what can't be read has at least one problem to its name, and what can is read", (t) => {
  const value = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constantFrom(null, true, []));
  const name = fc.constantFrom("city", "age", "__proto__", "other");
  const compiled = places.map(compileColumn);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.dictionary(name, fc.oneof(value, fc.array(value, { maxLength: 3 }))),
        fc.array(fc.oneof(value, fc.dictionary(name, value))),
        value,
      ),
      fc.boolean(),
      (given, ignoreUnknown) => {
        for (const read of [readColumns, readInstances] as const)
          try {
            t.true(read(compiled, given, { rowLimit: 100, ignoreUnknown }).count > 0);
          } catch (error) {
            t.true(error instanceof InvalidFeatures && error.problems.length > 0);
          }
      },
    ),
    { numRuns: 2000 },
  );
});
