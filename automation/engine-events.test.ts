import test from "ava";
import { EngineListener } from "./engine-events.ts";

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
