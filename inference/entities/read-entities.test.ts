import test from "ava";
import fc from "fast-check";
import type { JoinKey } from "../../mlflow/model-folder.ts";
import { InvalidFeatures, maxProblems } from "../features/feature-problem.ts";
import { readEntities } from "./read-entities.ts";

const customer = { name: "customer_id", type: "Int64" };
const product = { name: "product", type: "String" };
const shop = { name: "shop", type: "Int32" };

/** The problems of entities that can't be read, as `path: expected, received`. */
function problems(given: unknown, joinKeys: readonly JoinKey[] = [customer]): string[] {
  try {
    readEntities(joinKeys, given, 1000);
  } catch (error) {
    if (!(error instanceof InvalidFeatures)) throw error;
    return error.problems.map(
      ({ path, problem, expected, received }) => `${problem} ${path}: ${expected}, ${received}`,
    );
  }
  return [];
}

test("whole numbers of 64 bits are taken as numbers, or as texts where they are too large for those", (t) => {
  const given = [0, -1, 2 ** 53 - 1, "9007199254740993", "9223372036854775807", "-9223372036854775808", "7", "0"];
  t.deepEqual(readEntities([customer], { customer_id: given }, 10), {
    count: 8,
    keys: [{ name: "customer_id", values: given.map(String) }],
  });
});

for (const wrong of [
  2 ** 53,
  1.5,
  "1.5",
  "9223372036854775808",
  "-9223372036854775809",
  "007",
  "-0",
  "",
  " 1",
  "1e3",
  true,
  null,
  [1],
  {},
])
  test(`${JSON.stringify(wrong)} is no Int64`, (t) => {
    const [problem, ...others] = problems({ customer_id: [1, wrong] });
    t.regex(problem!, /^type entities\.customer_id\[1\]: a whole number of 64 bits, as a string where it is beyond/);
    t.deepEqual(others, []);
  });

test("each type of join key has its own values", (t) => {
  const { keys } = readEntities([shop, product], { shop: [-(2 ** 31)], product: ['a "b"\n'] }, 10);
  t.deepEqual(keys[1]!.values, ['"a \\"b\\"\\n"']);
  t.deepEqual(problems({ shop: [2 ** 31], product: [1] }, [shop, product]), [
    "type entities.shop[0]: a 32-bit integer, the number 2147483648",
    "type entities.product[0]: a text, the number 1",
  ]);
  t.deepEqual(problems({ product: ["\ud800"] }, [product]), ['type entities.product[0]: a text, the string "\\ud800"']);
  t.deepEqual(problems({ at: [1] }, [{ name: "at", type: "UnixTimestamp" }]), [
    "type entities.at[0]: nothing: a join key of type UnixTimestamp can't be looked up, the number 1",
  ]);
});

test("what is no object of arrays of one length is refused, and where", (t) => {
  const both = [customer, product];
  t.deepEqual(problems([1]), ["type entities: an object with one array a join key, an array of 1"]);
  t.deepEqual(problems({ customer_id: 1 }), ["type entities.customer_id: an array, a value a row, the number 1"]);
  t.deepEqual(problems({ customer_id: [] }), ["empty entities: at least one row, no rows"]);
  t.deepEqual(problems({ customer_id: [1, 2], product: ["a"] }, both), [
    "length entities.product: 2 values, as the first one has, 1 values",
  ]);
  t.deepEqual(problems({ customer_id: [], product: ["a"] }, both), [
    "length entities.product: 0 values, as the first one has, 1 values",
  ]);
});

test("a join key that is missing and a name that is none are both named", (t) => {
  t.deepEqual(problems({ customer: [1] }, [customer, product]), [
    "missing entities.customer_id: the join key of each row, nothing",
    "missing entities.product: the join key of each row, nothing",
    'unknown entities.customer: a join key of the model: customer_id, product, the name "customer"',
  ]);
  t.is(problems(JSON.parse('{"__proto__": [1]}')).length, 2);
});

test("a model without any join key can't be asked by entity", (t) => {
  t.deepEqual(problems({}, []), ["empty entities: at least one row, no rows"]);
});

test("too many rows are refused before they are read, and problems are named up to a number", (t) => {
  const rows = Array.from({ length: 1001 }, () => null);
  t.throws(() => problems({ customer_id: rows }), { name: "TooManyRows", message: /at most 1000 rows.*got 1001/ });
  t.is(problems({ customer_id: rows.slice(1) }).length, maxProblems);
});

test("what is read goes to Feast as it came, whatever texts and numbers it holds", (t) => {
  const integers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const rows = fc.array(fc.tuple(integers, fc.string({ unit: "binary" }), fc.integer()), { minLength: 1 });
  fc.assert(
    fc.property(rows, (rows) => {
      const given = {
        customer_id: rows.map(([id]) => (Number.isSafeInteger(Number(id)) ? Number(id) : String(id))),
        product: rows.map(([, text]) => text),
        shop: rows.map(([, , number]) => number),
      };
      const { count, keys } = readEntities([customer, product, shop], given, 1000);
      t.is(count, rows.length);
      t.deepEqual(
        keys[0]!.values.map(BigInt),
        rows.map(([id]) => id),
      );
      t.deepEqual(
        keys.slice(1).map(({ values }) => JSON.parse(`[${values.join(",")}]`)),
        [given.product, given.shop],
      );
    }),
  );
});
