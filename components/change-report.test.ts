import test from "ava";
import { type ChangeReport, describeReport } from "./change-report.ts";

const rollout = ["new pods start beside the old ones", "a Job asks each of them"];
const model = { modelName: "churn", metrics: [] };

const meanwhile = "the old pods serve on";
const to = { modelVersion: "1", command: "pulumi config set modelVersion 1 && pulumi up" };

test("nothing is said where model and image stay", (t) => {
  t.deepEqual(describeReport({ rollout }), []);
  t.deepEqual(describeReport({ rollout, wayBack: { meanwhile } }), []);
});

const rows: readonly [title: string, report: ChangeReport, lines: readonly string[]][] = [
  [
    "a rollback names both versions, each metric with its difference, and the schema",
    {
      model: {
        ...model,
        from: "2",
        to: "1",
        metrics: [
          { name: "roc_auc", from: 0.8278, to: 0.8201 },
          { name: "train_rows", from: 100, to: 120 },
          { name: "f1", from: 0.5 },
          { name: "recall", to: 0.25 },
        ],
        schema: { added: [], removed: [{ name: "age", type: "long", required: true }], retyped: [] },
      },
      rollout: [],
    },
    [
      "churn: version 2 → 1",
      "  roc_auc 0.8278 → 0.8201 (-0.0077)",
      "  train_rows 100 → 120 (+20)",
      "  f1 0.5000 → none",
      "  recall 0.2500",
      "  schema: - age (long)",
    ],
  ],
  [
    "a training names its reason, and that metrics come with it",
    {
      model: { ...model, from: "2", reason: "churn: labels changed since version 2, so a new version is trained" },
      rollout,
    },
    [
      "churn: version 2 → a new version, trained in this run (labels changed since version 2, so a new version is trained)",
      "  metrics known after training",
      "rollout 1: new pods start beside the old ones",
      "rollout 2: a Job asks each of them",
    ],
  ],
  [
    "the first training of a stack has no version before it",
    { model: { ...model, reason: "churn: no version is registered, so a new version is trained" }, rollout: [] },
    [
      "churn: a new version, trained in this run (no version is registered, so a new version is trained)",
      "  metrics known after training",
    ],
  ],
  [
    "a version says how to go back from it",
    { model: { ...model, from: "1", to: "2" }, rollout, wayBack: { meanwhile, to } },
    [
      "churn: version 1 → 2",
      "rollout 1: new pods start beside the old ones",
      "rollout 2: a Job asks each of them",
      "if that fails, the old pods serve on; to go back to version 1, the last one proven: pulumi config set modelVersion 1 && pulumi up",
    ],
  ],
  [
    "a version that the stack has from a run that failed still says so",
    { rollout: [], wayBack: { meanwhile, to } },
    [
      "the version that the stack has isn't proven yet",
      "if that fails, the old pods serve on; to go back to version 1, the last one proven: pulumi config set modelVersion 1 && pulumi up",
    ],
  ],
  [
    "an image of the proven version is taken back by what it came from",
    { image: { reference: "ml-inference:0123", build: true }, rollout: [], wayBack: { meanwhile } },
    [
      "image: ml-inference:0123, to be built and pushed",
      "if that fails, the old pods serve on; to go back, undo what was changed and run up again",
    ],
  ],
  [
    "an image to be built is named by its tag",
    { image: { reference: "ml-inference:0123", build: true }, rollout: [] },
    ["image: ml-inference:0123, to be built and pushed"],
  ],
  [
    "an image that is pushed is named by its digest",
    { image: { reference: "ml-inference@sha256:4567", build: false }, rollout: [] },
    ["image: ml-inference@sha256:4567"],
  ],
];

for (const [title, report, lines] of rows) {
  test(title, (t) => t.deepEqual(describeReport(report), [...lines]));
}
