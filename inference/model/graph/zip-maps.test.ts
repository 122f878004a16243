import test from "ava";
import fc from "fast-check";
import protobuf from "protobufjs/minimal.js";
import { mapsValue, node, smallOnnx, value } from "../../fixtures/small-onnx.ts";
import { fields, nested } from "./fields.ts";
import { readGraph } from "./onnx-graph.ts";
import { withoutZipMaps } from "./zip-maps.ts";

const labels = { classlabels_strings: ["leaves", "stays"] };
const zipMap = (input = "probabilities", output = "maps", domain = "ai.onnx.ml") =>
  node("ZipMap", [input], [output], labels, domain);

function rewrite(onnx: Uint8Array) {
  const { onnx: bytes, zipped } = withoutZipMaps(onnx, readGraph(onnx));
  const { nodes, outputs } = readGraph(bytes);
  return {
    same: bytes === onnx,
    zipped,
    nodes: nodes.map(({ opType }) => opType),
    outputs: outputs.map(({ name }) => name),
  };
}

function model(nodes: readonly object[], outputs: readonly object[]): Uint8Array {
  return smallOnnx({ nodes, inputs: [value("X", "float", ["N", 2])], outputs });
}

const classifier = node("LinearClassifier", ["X"], ["label", "probabilities"], {}, "ai.onnx.ml");
const label = value("label", "string", ["N"]);

test("a ZipMap's input becomes the output in its place, with the labels it had", (t) => {
  const whole = model([classifier, zipMap()], [mapsValue("maps", "string"), label]);
  t.deepEqual(rewrite(whole), {
    same: false,
    zipped: [{ name: "probabilities", map: "maps", labels: ["leaves", "stays"] }],
    nodes: ["LinearClassifier"],
    outputs: ["probabilities", "label"],
  });
});

test("labels may be integers", (t) => {
  const zip = node("ZipMap", ["probabilities"], ["maps"], { classlabels_int64s: [-1, 7] }, "ai.onnx.ml");
  t.deepEqual(rewrite(model([classifier, zip], [mapsValue("maps", "int64")])).zipped, [
    { name: "probabilities", map: "maps", labels: [-1, 7] },
  ]);
});

test("an input that is an output already stays the only one of its name", (t) => {
  const outputs = [mapsValue("maps", "string"), value("probabilities", "float", ["N", 2])];
  t.deepEqual(rewrite(model([classifier, zipMap()], outputs)).outputs, ["probabilities"]);
  t.deepEqual(
    rewrite(model([classifier, zipMap(), zipMap("probabilities", "twin")], [...outputs, mapsValue("twin", "string")]))
      .outputs,
    ["probabilities"],
  );
});

for (const [title, nodes, outputs] of [
  ["no ZipMap", [classifier], [label]],
  ["a ZipMap that makes no output", [classifier, zipMap()], [label]],
  [
    "a ZipMap whose maps another operator takes",
    [classifier, zipMap(), node("SequenceAt", ["maps", "X"], ["first"])],
    [mapsValue("maps", "string")],
  ],
  [
    "another domain's operator of that name",
    [classifier, zipMap("probabilities", "maps", "my.own")],
    [mapsValue("maps", "string")],
  ],
] as const)
  test(`${title}: the bytes stay as they are`, (t) => {
    t.like(rewrite(model(nodes, outputs)), { same: true, zipped: [] });
  });

/** A field of any number but those that the rewriting reads, and of any wire type. */
function anyField(known: readonly number[]): fc.Arbitrary<Uint8Array> {
  const number = fc.integer({ min: 1, max: 2 ** 20 }).filter((field) => !known.includes(field));
  const value = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((integer) => [0, varint(integer)] as const),
    fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => [1, bytes] as const),
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => [5, bytes] as const),
    fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => [2, Buffer.concat([varint(BigInt(bytes.length)), bytes])] as const),
  );
  return fc.tuple(number, value).map(([field, [wireType, bytes]]) => {
    const tag = protobuf.Writer.create()
      .uint32((field << 3) | wireType)
      .finish();
    return Buffer.concat([tag, bytes]);
  });
}

function varint(integer: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = integer; rest > 127n || bytes.length === 0; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes.slice(0, -1), bytes.at(-1)! & 127]);
}

test("all but the ZipMap and its output stays as it was, byte for byte and in order, known or not", (t) => {
  const whole = model([classifier, zipMap()], [label, mapsValue("maps", "string")]);
  const { graphFields, nodes, outputs, modelFields, graph } = readGraph(whole);
  const some = (known: readonly number[]) => fc.array(anyField(known), { maxLength: 6 });
  const rest = modelFields.filter((field) => field !== graph).map(({ raw }) => raw);
  const exposed = Buffer.concat(nested(12, nested(1, [Buffer.from("probabilities")])));
  fc.assert(
    fc.property(some([7]), some([7]), some([1, 12]), some([1, 12]), (before, after, inside, between) => {
      const assemble = (replace: (raw: Uint8Array) => Uint8Array | undefined) => {
        const parts = graphFields.flatMap(({ raw }) => [...between, ...(replace(raw) ? [replace(raw)!] : [])]);
        return Buffer.concat([...before, ...rest, ...nested(7, [...inside, ...parts]), ...after]);
      };
      const original = assemble((raw) => raw);
      const expected = assemble((raw) => {
        if (raw === nodes[1]!.field.raw) return undefined;
        return raw === outputs[1]!.field.raw ? exposed : raw;
      });
      const { onnx } = withoutZipMaps(original, readGraph(original));
      t.true(expected.equals(onnx));
    }),
  );
});

test("fields put together again are the message", (t) => {
  fc.assert(
    fc.property(fc.array(anyField([])), (parts) => {
      const message = Buffer.concat(parts);
      t.deepEqual(
        [...fields(message)].map(({ raw }) => Buffer.from(raw)),
        parts.map((part) => Buffer.from(part)),
      );
    }),
  );
});
