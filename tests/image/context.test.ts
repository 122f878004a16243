import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { contextFiles, dockerfile } from "../../components/image/build-context.ts";
import { importGraph } from "./import-graph.ts";

const project = join(import.meta.dirname, "../..");
const scripts = ["serve", "prediction/codec-worker", "shadow/shadow-process", "verify-pods", "healthcheck"];
const entryPoints = scripts.map((name) => `inference/${name}.ts`);
const packageFiles = ["inference/package.json", "inference/package-lock.json"];

function read(file: string) {
  return JSON.parse(readFileSync(join(project, file), "utf8"));
}

test("the image is built from what its entry points import, and nothing else", (t) => {
  const { files } = importGraph(project, entryPoints, true);
  t.deepEqual(contextFiles(project), [dockerfile, ...packageFiles, ...files].sort());
});

test("the image's packages are those that its entry points load", (t) => {
  const { packages } = importGraph(project, entryPoints, false);
  t.deepEqual(Object.keys(read("inference/package.json").dependencies).sort(), packages);
});

test("the image's packages are of the versions that the project is tested with, down to the last", (t) => {
  const { dependencies } = read("inference/package.json");
  for (const [name, version] of Object.entries(dependencies)) t.is(version, read("package.json").dependencies[name]);
  const { packages: locked } = read("inference/package-lock.json");
  const { packages: tested } = read("package-lock.json");
  t.deepEqual(locked[""].dependencies, dependencies);
  for (const path of Object.keys(locked).filter((path) => path !== ""))
    t.is(
      locked[path].version,
      tested[path]?.version,
      `${path}: cp package-lock.json inference/ && npm --prefix inference install --package-lock-only --ignore-scripts`,
    );
});

test("the lock names no registry", (t) => {
  t.false(readFileSync(join(project, "inference/package-lock.json"), "utf8").includes('"resolved"'));
});
