import test from "ava";
import { DockerIgnore } from "./docker-ignore.ts";

const ignore = new DockerIgnore(`# an allow-list
*
!inference
!/mlflow/
!.build/model
**/*.test.ts
**/fixtures
mlflow/file/?[rs]ash.ts
`);

for (const path of [
  "inference/serve.ts",
  "inference/http/a.b.ts",
  "mlflow/error.ts",
  "mlflow/file/flash.ts",
  ".build/model/version.json",
])
  test(`${path} is in the context`, (t) => t.false(ignore.ignores(path)));

for (const path of [
  "README.md",
  ".env",
  "node_modules/koa/index.js",
  "trainer/inference",
  "inferences",
  "inference/app.test.ts",
  "inference/fixtures/tiny.ts",
  "mlflow/file/crash.ts",
  ".build/other",
])
  test(`${path} is left out`, (t) => t.true(ignore.ignores(path)));

test("a folder is looked into where a later line takes back something below it", (t) => {
  t.true(ignore.looksInto(".build"));
  t.false(ignore.looksInto("node_modules"));
  t.false(ignore.looksInto("build"));
});

test("the last line that matches decides", (t) => {
  const lines = new DockerIgnore("docs\n!docs/keep.md\ndocs/keep.md");
  t.true(lines.ignores("docs/keep.md"));
});

test("an empty file ignores nothing", (t) => t.false(new DockerIgnore("").ignores("a")));
