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
    t.deepEqual(readStackOption(args === "" ? [] : args.split(" ")), { stack, needed });
  });
}
