import test from "ava";
import fc from "fast-check";
import { fromYaml, toYaml, type YamlMapping } from "./yaml.ts";

test("a mapping reads back as it was written", (t) => {
  const text = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed());
  const number = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(text, tie("value"), { maxKeys: 5, noNullPrototype: true }),
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      number,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value")),
      tie("tree"),
    ),
  }));
  fc.assert(
    fc.property(tree, (mapping) => {
      if (Object.keys(mapping as object).length === 0) return;
      t.deepEqual(fromYaml(toYaml(mapping as YamlMapping), "test"), mapping as YamlMapping);
    }),
  );
});

test("it looks as PyYAML prints it", (t) => {
  const text = toYaml({
    name: "churn",
    flavors: { onnx: { code: null, providers: ["CPUExecutionProvider"] } },
    tags: {},
    id: "12",
  });
  t.is(
    text,
    'flavors:\n  onnx:\n    code: null\n    providers:\n    - CPUExecutionProvider\nid: "12"\nname: churn\ntags: {}\n',
  );
});

for (const word of [
  "yes",
  "NO",
  "on",
  "null",
  "~",
  "y",
  "1:30",
  "017",
  "1e3",
  "2001-01-01",
  "<<",
  "=",
  "",
  " a",
  "a: b",
])
  test(`the text "${word}" is quoted`, (t) => {
    t.is(toYaml({ a: word }), `a: ${JSON.stringify(word)}\n`);
  });

test("an empty text is no mapping yet; another thing than a mapping is an error that names the file", (t) => {
  t.is(fromYaml("", "meta.yaml"), undefined);
  t.throws(() => fromYaml("- a", "meta.yaml"), { message: /^meta\.yaml: expected a YAML mapping, got "- a"/ });
  t.throws(() => fromYaml("a: [", "meta.yaml"), { message: /^meta\.yaml: expected YAML/ });
});
