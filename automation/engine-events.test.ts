import type { automation } from "@pulumi/pulumi";
import test from "ava";
import { EngineListener } from "./engine-events.ts";

type ResOpFailedEvent = NonNullable<automation.EngineEvent["resOpFailedEvent"]>;

const stackUrn = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";
const modelUrn =
  "urn:pulumi:dev::p::pipeline:trainer:Trainer$pulumi-nodejs:dynamic/pipeline:TrainedModel::trainer-model";

const rows: readonly [
  title: string,
  diagnostics: readonly [urn: string | undefined, message: string][],
  errors: string[],
][] = [
  [
    "an error of a resource has its name",
    [
      [modelUrn, "<{%reset%}>too few rows<{%reset%}>\n"],
      [stackUrn, "update failed"],
    ],
    ["trainer-model: too few rows"],
  ],
  [
    "an error comes once",
    [
      [modelUrn, "lost"],
      [modelUrn, "lost"],
    ],
    ["trainer-model: lost"],
  ],
  [
    "an error of the program has no name",
    [[stackUrn, "config port: expected a number, got x"]],
    ["config port: expected a number, got x"],
  ],
  [
    "an unexpected error of the program is without its stack trace",
    [
      [
        stackUrn,
        "Running program '/p/index.ts' failed with an unhandled exception:\nError: \u001b[31mno such file\u001b[39m\n    at x (index.ts:1:1)\n    at y",
      ],
    ],
    ["no such file"],
  ],
];

const serviceUrn = "urn:pulumi:dev::p::pipeline:serving:InferenceService";
for (const [urn, failed] of [
  [`${serviceUrn}$pipeline:serving:Verification$kubernetes:batch/v1:Job::ml-inference-verify`, true],
  [modelUrn, false],
] as const) {
  test(`a failed ${urn.split("::").at(-1)} is ${failed ? "a" : "no"} failed rollout`, (t) => {
    const listener = new EngineListener(() => {});
    const metadata = { op: "create", urn, type: urn.split("$").at(-1)!.split("::")[0]!, new: { custom: true } };
    const resOpFailedEvent = { metadata, status: 0, steps: 0 } as unknown as ResOpFailedEvent;
    listener.listen({ sequence: 1, timestamp: 1, resOpFailedEvent });
    t.is(listener.record.rolloutFailed, failed);
  });
}

for (const [title, diagnostics, errors] of rows) {
  test(title, (t) => {
    const listener = new EngineListener(() => t.fail());
    for (const [urn, message] of diagnostics) {
      const diagnosticEvent = { severity: "error" as const, message, color: "never", ...(urn && { urn }) };
      listener.listen({ sequence: 1, timestamp: 1, diagnosticEvent });
    }
    t.deepEqual(listener.record.errors, errors);
  });
}
