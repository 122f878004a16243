import test from "ava";
import type { TrainingSet } from "./features/index.ts";
import { fingerprint, fingerprintOf, fingerprintTags } from "./fingerprint.ts";
import { normalizeTrainingSpec, type TrainingSpec } from "./training-spec.ts";

const set: TrainingSet = {
  rows: 3,
  features: [
    { name: "a", type: "long", values: Float64Array.of(1, 2, 3) },
    { name: "b", type: "double", values: Float64Array.of(0.5, Number.NaN, 0) },
  ],
  eventTimestamp: Float64Array.of(10, 20, 30),
  label: Float64Array.of(0, 1, 1),
  labelName: "churned",
  definitions: ["{}", "{}"],
};
const spec: Partial<TrainingSpec> = { testFrom: "2024-01-01" };
const original = fingerprint(normalizeTrainingSpec(spec), set);

const moves = test.macro({
  exec(t, change: { spec?: Partial<TrainingSpec>; set?: Partial<TrainingSet> }, part: string | undefined) {
    const changed = fingerprint(normalizeTrainingSpec({ ...spec, ...change.spec }), { ...set, ...change.set });
    const moved = Object.keys(original.parts).filter(
      (name) =>
        original.parts[name as keyof typeof original.parts] !== changed.parts[name as keyof typeof original.parts],
    );
    t.deepEqual(moved, part === undefined ? [] : [part]);
    t.is(changed.whole === original.whole, part === undefined);
  },
  title: (name, _, part) => `${name} moves ${part ?? "nothing"}`,
});
const feature = (name: string, type: "long" | "double", ...values: number[]) => ({
  name,
  type,
  values: Float64Array.from(values),
});
const [a, b] = set.features;
test("another value", moves, { set: { features: [feature("a", "long", 1, 2, 4), b!] } }, "features");
test("a missing value", moves, { set: { features: [feature("a", "long", 1, 2, Number.NaN), b!] } }, "features");
test("another name", moves, { set: { features: [{ ...a!, name: "c" }, b!] } }, "features");
test("another type", moves, { set: { features: [{ ...a!, type: "double" }, b!] } }, "features");
test("another order", moves, { set: { features: [b!, a!] } }, "features");
test("another definition", moves, { set: { definitions: ["{}", '{"ttl":1}'] } }, "features");
test("another label", moves, { set: { label: Float64Array.of(1, 1, 1) } }, "labels");
test("another label column", moves, { set: { labelName: "left" } }, "labels");
test("another event timestamp", moves, { set: { eventTimestamp: Float64Array.of(10, 20, 31) } }, "labels");
test("a hyperparameter", moves, { spec: { forest: { randomState: 1 } } }, "hyperparameters");
test("a default hyperparameter", moves, { spec: { forest: { bootstrap: true } } }, undefined);
test("the split", moves, { spec: { testFrom: "2024-01-02" } }, "split");
test("the horizon", moves, { spec: { labelHorizonDays: 30 } }, "split");
test("the same split in other words", moves, { spec: { testFrom: "2024-01-01T00:00:00Z" } }, undefined);
test("a path", moves, { spec: { repository: "/elsewhere", entities: "/elsewhere/labels.csv" } }, undefined);
test("a name in MLflow", moves, { spec: { model: "other", experiment: "other" } }, undefined);
test("a negative zero", moves, { set: { features: [a!, feature("b", "double", 0.5, Number.NaN, -0)] } }, undefined);

test("the digests are the same on every machine and in every release of one format", (t) => {
  t.deepEqual(original.parts, {
    features: "1bc45c9d3b1b492c",
    labels: "20d92be39257d1a0",
    hyperparameters: original.parts.hyperparameters,
    split: "2296dae774c73cc1",
    format: "1",
  });
});

test("a version's tags carry the fingerprint", (t) => {
  const version = { name: "m", version: "1", runId: "", source: "", status: "READY", createdAt: 0, aliases: [] };
  t.deepEqual(fingerprintOf({ ...version, tags: fingerprintTags(original) }), original);
  t.is(fingerprintOf({ ...version, tags: {} }), undefined);
});
