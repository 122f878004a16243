import test from "ava";
import type { ColumnSpec } from "../../../mlflow/model-folder.ts";
import { TooManyRows } from "../../features/feature-problem.ts";
import { problemsOf } from "../../fixtures/problems-of.ts";
import { protocolContext, readBody } from "../../fixtures/protocol-context.ts";
import { HttpProblem } from "../../http/http-problem.ts";
import { invocationsProtocol } from "./invocations.ts";

const columns: ColumnSpec[] = [
  { name: "age", type: "long", required: true },
  { name: "income", type: "double", required: false },
];
const named = protocolContext(columns);
const double = { type: "double", required: true } as const;
const arrays = protocolContext(
  [
    { name: "x0", ...double },
    { name: "x1", ...double },
  ],
  { signature: "tensors" },
);
const csv = { "content-type": "text/csv; charset=UTF-8" };

const read = (body: unknown, context = named) => readBody(invocationsProtocol, context, body);

const data = [
  [3, 0.5],
  [-1, null],
];
const records = [
  { age: 3, income: 0.5 },
  { income: null, age: -1 },
];
const expected = { count: 2, values: Float64Array.of(3, 0.5, -1, Number.NaN) };

for (const [title, body] of [
  ["dataframe_split", { dataframe_split: { columns: ["age", "income"], index: [7, 8], data } }],
  [
    "dataframe_split in another order",
    { dataframe_split: { columns: ["income", "age"], data: data.map(([a, b]) => [b, a]) } },
  ],
  ["dataframe_split without names", { dataframe_split: { data } }],
  ["dataframe_split with NaN", '{"dataframe_split":{"columns":["age","income"],"data":[[3,0.5],[-1,NaN]]}}'],
  ["dataframe_records", { dataframe_records: records }],
  ["inputs by feature", { inputs: { income: [0.5, null], age: [3, -1] } }],
  ["inputs by feature, nested", { inputs: { income: [[0.5], [null]], age: [[3], [-1]] } }],
  ["inputs as objects", { inputs: records }],
  ["inputs as arrays", { inputs: data }],
  ["instances as objects", { instances: records }],
  ["instances as arrays", { instances: data }],
  ["members that others have a use for beside it", { params: { top: 3 }, client_request_id: "a", instances: data }],
] as const)
  test(`rows come as ${title}`, (t) => {
    t.deepEqual(read(body).rows, expected);
  });

test("rows come as CSV", (t) => {
  t.deepEqual(readBody(invocationsProtocol, named, "\ufeffage,income\n3,0.5\n-1,NA\n", csv).rows, expected);
});

test("one row may come as its values alone, and a model of one feature takes an array of values", (t) => {
  t.deepEqual(read({ inputs: { age: 3 } }).rows, { count: 1, values: Float64Array.of(3, Number.NaN) });
  const one = protocolContext(columns.slice(0, 1));
  for (const body of [{ inputs: [3, -1] }, { instances: [3, -1] }])
    t.deepEqual(read(body, one).rows, { count: 2, values: Float64Array.of(3, -1) });
});

for (const [title, body] of [
  ["a frame of other names", { dataframe_split: { columns: ["p", "q"], data: [[1, 2]] } }],
  ["a frame of numbers as names", { dataframe_split: { columns: [0, 1], data: [[1, 2]] } }],
  ["a frame of the names that the service made up", { dataframe_split: { columns: ["x1", "x0"], data: [[2, 1]] } }],
  ["records of other names", { dataframe_records: [{ p: 1, q: 2 }] }],
  ["the graph's own input", { inputs: { X: [[1, 2]] } }],
] as const)
  test(`a model without names takes ${title}`, (t) => {
    t.deepEqual(read(body, arrays).rows, { count: 1, values: Float64Array.of(1, 2) });
  });

test("a model without names takes CSV of other names, too", (t) => {
  t.deepEqual(readBody(invocationsProtocol, arrays, "p,q\n1,2\n", csv).rows.values, Float64Array.of(1, 2));
});

const integer = "an integer of at most 53 bits";
const formats = "dataframe_split, dataframe_records, inputs, instances";
for (const [body, ...refusals] of [
  [[], `type body: an object with exactly one of ${formats} | an array of 0`],
  [{ rows: [] }, `type body: an object with exactly one of ${formats} | an object`],
  [{ inputs: [], instances: [] }, `type body: an object with exactly one of ${formats} | inputs and instances`],
  [{ dataframe_split: [] }, "type dataframe_split: an object with columns and data | an array of 0"],
  [
    { dataframe_split: { data, dtypes: [] } },
    'unknown dataframe_split: columns, index and data alone | the string "dtypes"',
  ],
  [{ dataframe_split: {} }, "type dataframe_split.data: an array with an array a row | nothing"],
  [
    { dataframe_split: { columns: ["income"], data: [[1]] } },
    `missing dataframe_split.columns: a column age: ${integer} | nothing`,
  ],
  [
    { dataframe_split: { columns: ["age"], data: [[1.5]] } },
    `type dataframe_split.data[0][0]: ${integer} | the number 1.5`,
  ],
  [{ dataframe_records: {} }, "type dataframe_records: an array with an object a row | an object"],
  [{ dataframe_records: [{ age: "1" }] }, `type dataframe_records[0].age: ${integer} | the string "1"`],
  [{ inputs: {} }, `missing inputs.age: ${integer} | nothing`],
  [{ inputs: { age: [1, 2], income: [1] } }, "length inputs.income: 2 values, as inputs.age has | 1 values"],
  [
    { inputs: [1, 2] },
    "type inputs[0]: an array with a value a column | the number 1",
    "type inputs[1]: an array with a value a column | the number 2",
  ],
  [{ inputs: [] }, "empty inputs: at least one row | no rows"],
  [{ instances: { age: [1] } }, "type instances: an array with an object a row | an object"],
  [{ instances: [[1]] }, "length instances[0]: 2 values, one a column | 1 values"],
] as const)
  test(`${JSON.stringify(body)} is refused, saying what and where`, (t) => {
    t.deepEqual(
      problemsOf(() => read(body)),
      refusals,
    );
  });

test("records of a model without names that differ in theirs are refused", (t) => {
  const given = {
    dataframe_records: [
      { p: 1, q: 2 },
      { p: 1, r: 2 },
    ],
  };
  t.deepEqual(
    problemsOf(() => read(given, arrays)),
    ["type dataframe_records[1]: an array with a value a column | an object"],
  );
});

test("CSV is refused, saying what and where", (t) => {
  t.deepEqual(
    problemsOf(() => readBody(invocationsProtocol, named, "age,x\nyes,1\n", csv)),
    [
      `unknown csv.columns[1]: one of age, income | the string "x"`,
      `type csv.rows[0][0]: ${integer} | the string "yes"`,
    ],
  );
});

for (const [title, headers, status] of [
  ["no type", {}, 415],
  ["another type", { "content-type": "application/vnd.apache.parquet" }, 415],
  ["another charset", { "content-type": "text/csv; charset=latin1" }, 415],
  ["a compressed body", { "content-type": "text/csv", "content-encoding": "gzip" }, 415],
  ["text that is no JSON", { "content-type": "application/json" }, 400],
] as const)
  test(`${title} is ${status}`, (t) => {
    const error = t.throws(() => readBody(invocationsProtocol, named, "age\n1\n", headers), {
      instanceOf: HttpProblem,
    });
    t.is(error.status, status);
  });

test("more rows than the limit are too many, in each format", (t) => {
  const many = Array(11).fill([1, 2]);
  for (const body of [{ dataframe_split: { data: many } }, { inputs: many }, { instances: many.map(() => ({})) }])
    t.throws(() => read(body), { instanceOf: TooManyRows, message: /got 11/ });
  t.throws(() => readBody(invocationsProtocol, named, `age\n${"1\n".repeat(11)}`, csv), { instanceOf: TooManyRows });
});
