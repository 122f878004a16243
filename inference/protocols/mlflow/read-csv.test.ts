import test from "ava";
import fc from "fast-check";
import type { ColumnSpec } from "../../../mlflow/model-folder.ts";
import { compileColumns } from "../../features/feature-column.ts";
import { InvalidFeatures, TooManyRows } from "../../features/feature-problem.ts";
import { HttpProblem } from "../../http/http-problem.ts";
import { csvValue } from "./csv-value.ts";
import { readCsv } from "./read-csv.ts";

const columns: ColumnSpec[] = [
  { name: "age", type: "long", required: true },
  { name: "city", type: "string", required: false },
  { name: "a,b", type: "boolean", required: false },
];

function read(text: string, rowLimit = 10, ignoreUnknown = false) {
  const compiled = compileColumns(columns);
  return readCsv(text, columns, { columns: compiled, unnamed: false, rowLimit, ignoreUnknown });
}

test("fields have the types of their columns, whatever their order", (t) => {
  const text = 'city,age,"a,b",other\nOslo,7,True,7\n"Say ""hi"", you",-1,0,NA\n';
  t.deepEqual(read(text, 10, true), {
    count: 2,
    values: Float64Array.of(7, 0, 1, -1, 0, 0),
    texts: [undefined, ["Oslo", 'Say "hi", you'], undefined],
  });
});

test("empty lines and a first column without a name are passed over", (t) => {
  const rows = { count: 2, values: Float64Array.of(7, Number.NaN, Number.NaN, 8, Number.NaN, Number.NaN) };
  t.like(read(",age\r\n0,7\r\n\r\n1,8"), rows);
  t.like(read("age\n\n7\n8\n\n"), rows);
});

test("an empty body has no rows, and lacks what is required", (t) => {
  const { problems } = t.throws(() => read(""), { instanceOf: InvalidFeatures });
  t.deepEqual(
    problems.map(({ path, problem }) => `${problem} ${path}`),
    ["missing csv.columns", "empty csv.rows"],
  );
});

for (const [type, ...fields] of [
  [
    "double",
    ["1.5", 1.5],
    [" 1e3 ", 1000],
    [".5", 0.5],
    ["-0", -0],
    ["0x10", "0x10"],
    [" ", " "],
    ["1_0", "1_0"],
    ["1.5kg", "1.5kg"],
    ["inf", "inf"],
  ],
  ["long", ["+5", 5], ["5.0", 5], ["5.5", 5.5], ["True", "True"]],
  ["boolean", ["true", true], ["FALSE", false], ["1", true], ["2", "2"], ["yes", "yes"]],
  ["string", [" Oslo", " Oslo"], ["7", "7"], ["<NA>", null], ["na", "na"]],
] as const)
  test(`fields of a ${type} column are read as pandas does`, (t) => {
    for (const [field, value] of fields) t.is(csvValue(field, type), value);
    for (const field of ["", "NaN", "nan", "None", "null", "#N/A N/A"]) t.is(csvValue(field, type), null);
  });

for (const [title, text, message] of [
  ["a quote that isn't closed", 'age\n"7\n', /isn't CSV: Quote Not Closed/],
  ["a quote in the middle", 'age\n7"\n', /isn't CSV: Invalid Opening Quote/],
  ["text behind a quote", 'age\n"7"x\n', /isn't CSV: Invalid Closing Quote/],
  ["a line of other length", "age,city\n7\n", /isn't CSV: Invalid Record Length: expect 2, got 1 on line 2/],
  ["a line too long", `age\n${" ".repeat(2 ** 20 + 1)}`, /at most 1048576 characters a line of CSV, got 1048577/],
  ["a field too long", `age\n"${"x\n".repeat(2 ** 19 + 1)}"`, /isn't CSV: Max Record Size/],
  ["too many columns", `age${",x".repeat(10_000)}\n`, /at most 10000 columns of CSV, got 10001/],
] as const)
  test(`${title} is malformed`, (t) => {
    const error = t.throws(() => read(text), { instanceOf: HttpProblem, message });
    t.is(error.status, 400);
  });

test("more rows than the limit are too many; empty lines don't count", (t) => {
  t.is(read(`age\n${"7\n\n".repeat(10)}`).count, 10);
  t.throws(() => read(`age\n${"7\n".repeat(11)}`), {
    instanceOf: TooManyRows,
    message: "at most 10 rows a request, got more",
  });
});

test("whatever is written as CSV is read as it was", (t) => {
  const text: ColumnSpec = { name: "text", type: "string", required: false };
  const context = { columns: compileColumns([text]), unnamed: false, rowLimit: 10, ignoreUnknown: false };
  const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é", "\u0000") });
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 10 }), (fields) => {
      const lines = ["text", ...fields.map((field) => `"${field.replaceAll('"', '""')}"`)];
      t.deepEqual(readCsv(lines.join("\n"), [text], context).texts, [fields]);
    }),
    { numRuns: 2000 },
  );
});
