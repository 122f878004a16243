import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import fc from "fast-check";
import type { ColumnSpec, ColumnType } from "../../mlflow/model-folder.ts";
import { compileColumn, compileColumns } from "../features/feature-column.ts";
import { InvalidFeatures } from "../features/feature-problem.ts";
import { readColumns } from "../features/read-columns.ts";
import { readInstances } from "../features/read-instances.ts";
import { inputsSchema, instanceSchema, rowsSchema, valueSchema } from "./feature-schemas.ts";
import type { Schema } from "./schema.ts";

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const fits = (schema: Schema, value: unknown) => ajv.compile(schema)(value);

const types: ColumnType[] = ["double", "float", "long", "integer", "boolean", "string"];
const type = fc.constantFrom(...types);
const name = fc.constantFrom("age", "total purchases", "a/b~c", "ä");

/** Values at and around every bound, and of every JSON type. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 1, true, false, null, "", "a", 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 3.5e38, 1e308),
);

test("a value fits its schema just where the service reads it", (t) => {
  fc.assert(
    fc.property(type, fc.boolean(), value, (type, required, value) => {
      const column = { name: "x", type, required };
      t.is(fits(valueSchema(column), value), compileColumn(column).read(value) !== undefined, JSON.stringify(value));
    }),
    { numRuns: 2000 },
  );
});

const columns = fc.uniqueArray(fc.record({ name, type, required: fc.boolean() }), {
  minLength: 1,
  selector: ({ name }) => name,
});

/** Rows that are nearly right: some of a model's features, and some that are none. */
function nearRow(columns: readonly ColumnSpec[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.dictionary(fc.constantFrom(...columns.map(({ name }) => name), "other"), value);
}

test("rows fit their schemas just where the service reads them, as columns of one length and as objects", (t) => {
  const request = columns.chain((columns) =>
    fc.tuple(fc.constant(columns), fc.array(nearRow(columns), { maxLength: 4 }), fc.boolean()),
  );
  fc.assert(
    fc.property(request, ([columns, rows, ignoreUnknown]) => {
      const options = { rowLimit: 3, ignoreUnknown };
      const compiled = compileColumns(columns);
      const reads = (read: () => unknown) => {
        try {
          read();
          return true;
        } catch (error) {
          t.true(error instanceof InvalidFeatures || (error as Error).name === "TooManyRows");
          return false;
        }
      };
      const instances = rowsSchema(instanceSchema(columns, options), options);
      t.is(
        fits(instances, rows),
        reads(() => readInstances(compiled, rows, options)),
        JSON.stringify({ columns, rows, ignoreUnknown }),
      );

      const names = rows[0] ? Object.keys(rows[0]) : [];
      const inputs = Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)]));
      // Of unknown features alone the schema can't say that nothing is left.
      if (ignoreUnknown && !names.some((name) => columns.some((column) => column.name === name))) return;
      t.is(
        fits(inputsSchema(columns, options), inputs),
        reads(() => readColumns(compiled, inputs, options)),
        JSON.stringify({ columns, inputs, ignoreUnknown }),
      );
    }),
    { numRuns: 1000 },
  );
});
