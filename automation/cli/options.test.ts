import test from "ava";
import { help, parseOptions } from "./options.ts";

test("without flags the dev stack is deployed, and nothing skipped", (t) => {
  const { deploy, json } = parseOptions([]);
  t.is(deploy.stack, "dev");
  t.true(Object.values({ ...deploy, stack: false }).every((value) => value === false));
  t.false(json);
});

test("each flag is the option of its name", (t) => {
  const flags = ["--preview", "--skip-train", "--skip-build", "--skip-deploy", "--skip-test", "--destroy", "--json"];
  const { deploy, json } = parseOptions([...flags, "--stack", "prod"]);
  t.deepEqual(deploy, {
    stack: "prod",
    preview: true,
    destroy: true,
    skipTrain: true,
    skipBuild: true,
    skipDeploy: true,
    skipTest: true,
  });
  t.true(json);
  for (const flag of [...flags, "--stack", "--help"]) t.true(help.includes(`  ${flag} `), flag);
});

for (const args of [["--skip-trian"], ["dev"], ["--stack"], ["--preview=yes"], ["--no-json"]]) {
  test(`${args.join(" ")} is a mistake`, (t) => {
    t.throws(() => parseOptions(args), { instanceOf: TypeError });
  });
}
