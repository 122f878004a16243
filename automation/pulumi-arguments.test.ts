import test from "ava";
import { readStackOption } from "./pulumi-arguments.ts";

const rows: readonly [args: string, stack: string | undefined, needed: boolean][] = [
  ["up --stack dev", "dev", true],
  ["up --yes --stack=prod", "prod", true],
  ["-s dev preview", "dev", true],
  ["-sdev preview", "dev", true],
  ["config set modelVersion 1 --stack dev", "dev", true],
  ["config", undefined, true],
  ["stack", undefined, true],
  ["stack output endpoint", undefined, true],
  ["stack init staging", undefined, false],
  ["stack ls", undefined, false],
  ["stack select dev", undefined, false],
  ["login", undefined, false],
  ["version", undefined, false],
  ["up --help", undefined, false],
  ["", undefined, false],
];

for (const [args, stack, needed] of rows) {
  test(`pulumi ${args}: stack ${stack}, ${needed ? "which must exist" : "not needed"}`, (t) => {
    t.like(readStackOption(args === "" ? [] : args.split(" ")), { stack, needed });
  });
}

for (const [args, runsProgram] of [
  ["up --stack prod", true],
  ["preview", true],
  ["up --help", false],
  ["config set a b", false],
  ["stack change-secrets-provider passphrase", false],
  ["destroy", false],
] as const)
  test(`pulumi ${args} ${runsProgram ? "runs the program" : "doesn't run the program"}`, (t) => {
    t.is(readStackOption(args.split(" ")).runsProgram, runsProgram);
  });
