import test from "ava";
import { compareSchemas, describeSchemaChange } from "./schema-change.ts";

const age = { name: "age", type: "long", required: true } as const;
const spend = { name: "spend", type: "double", required: true } as const;

for (const [title, from, to, words] of [
  ["the same inputs in another order are no change", [age, spend], [spend, age], "the same inputs"],
  ["a new input", [age], [age, spend], "+ spend (double)"],
  ["an input that is gone", [age, spend], [age], "- spend (double)"],
  ["another type", [age], [{ ...age, type: "double" }], "age (long) → (double)"],
  ["an input that may be missing now", [age], [{ ...age, required: false }], "age (long) → (long, optional)"],
] as const) {
  test(title, (t) => t.is(describeSchemaChange(compareSchemas(from, to)), words));
}
