import test from "ava";
import fc from "fast-check";
import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import { problemsOf } from "../fixtures/problems-of.ts";
import { compileColumn } from "./feature-column.ts";
import { InvalidFeatures, maxProblems, TooManyRows } from "./feature-problem.ts";
import { readTable } from "./read-table.ts";

const specs: ColumnSpec[] = [
  { name: "age", type: "long", required: true },
  { name: "income", type: "double", required: false },
  { name: "city", type: "string", required: false },
];
const columns = specs.map(compileColumn);
const paths = { names: "frame.columns", rows: "frame.data" };
const options = { rowLimit: 10, ignoreUnknown: false };
const read = (names: unknown, rows: unknown) => readTable(columns, { names, rows, paths }, options);

test("columns are found by their names; those that are left out, and null, are missing values", (t) => {
  t.deepEqual(
    read(
      ["income", "age"],
      [
        [0.5, 3],
        [null, -1],
      ],
    ),
    {
      count: 2,
      values: Float64Array.of(3, 0.5, Number.NaN, -1, Number.NaN, Number.NaN),
      texts: [undefined, undefined, ["", ""]],
    },
  );
});

test("without names the columns are the model's, in its order", (t) => {
  t.deepEqual(read(undefined, [[3, 0.5, "Oslo"]]), {
    count: 1,
    values: Float64Array.of(3, 0.5, 0),
    texts: [undefined, undefined, ["Oslo"]],
  });
});

const integer = "an integer of at most 53 bits";
for (const [names, rows, ...expected] of [
  ["age", [], 'type frame.columns: an array of names | the string "age"'],
  [["age"], {}, "type frame.data: an array with an array a row | an object"],
  [["age"], [], "empty frame.data: at least one row | no rows"],
  [["income"], [[1]], `missing frame.columns: a column age: ${integer} | nothing`],
  [
    ["age", "x", "age"],
    [[1, 2, 3]],
    'unknown frame.columns[1]: one of age, income, city | the string "x"',
    'type frame.columns[2]: each column once | the string "age"',
  ],
  [["age", 7], [[1, 2]], "unknown frame.columns[1]: one of age, income, city | the number 7"],
  [
    ["age"],
    [[1], 5, [1, 2], ["1"]],
    "type frame.data[1]: an array with a value a column | the number 5",
    "length frame.data[2]: 1 values, one a column | 2 values",
    `type frame.data[3][0]: ${integer} | the string "1"`,
  ],
  [undefined, [[1, 2]], "length frame.data[0]: 3 values, one a column | 2 values"],
] as const)
  test(`the table ${JSON.stringify([names, rows])} is refused, saying what and where`, (t) => {
    t.deepEqual(
      problemsOf(() => read(names, rows)),
      [...expected],
    );
  });

test("unknown columns are passed over where that is asked for", (t) => {
  const table = { names: ["x", "age", "x", null], rows: [["anything", 1, {}, 0]], paths };
  t.is(readTable(columns, table, { ...options, ignoreUnknown: true }).values[0], 1);
});

test("more rows than the limit are too many, and at most so many problems are named", (t) => {
  t.throws(() => read(["age"], Array(11).fill([1])), { instanceOf: TooManyRows, message: /got 11/ });
  const many = { names: ["age"], rows: Array(maxProblems + 20).fill(["x"]), paths };
  t.is(problemsOf(() => readTable(columns, many, { ...options, rowLimit: 1000 })).length, maxProblems);
});

test("what can't be read has at least one problem to its name, and what can is read", (t) => {
  const value = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constantFrom(null, true, []));
  const name = fc.constantFrom("city", "age", "income", "other", 3, null);
  fc.assert(
    fc.property(
      fc.option(fc.oneof(value, fc.array(name, { maxLength: 5 })), { nil: undefined }),
      fc.oneof(value, fc.array(fc.oneof(value, fc.array(value, { maxLength: 5 })), { maxLength: 3 })),
      fc.boolean(),
      (names, rows, ignoreUnknown) => {
        try {
          t.true(readTable(columns, { names, rows, paths }, { rowLimit: 100, ignoreUnknown }).count > 0);
        } catch (error) {
          t.true(error instanceof InvalidFeatures && error.problems.length > 0);
        }
      },
    ),
    { numRuns: 3000 },
  );
});
