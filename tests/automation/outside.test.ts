import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import type { DeployEvent, DeployResult } from "../../automation/deploy.ts";
import { ended, TestProject } from "../engine/test-project.ts";
import { userEnvironment } from "./toy-project.ts";

const project = await TestProject.make();
const elsewhere = await mkdtemp(join(tmpdir(), "elsewhere-"));
const config = () => readFile(join(project.folder, "Pulumi.dev.yaml"), "utf8");
test.after.always(async () => {
  await project.remove();
  await rm(elsewhere, { recursive: true });
});

/** Runs a script that lies and runs outside the project; gives what it printed, a line each. */
async function runOutside(body: string): Promise<string[]> {
  const file = join(elsewhere, "script.ts");
  const module = pathToFileURL(join(project.folder, "automation", "deploy.ts")).href;
  await writeFile(file, `import { deploy } from "${module}";\n${body}\n`);
  const stdio = ["ignore", "pipe", "pipe"] as const;
  const child = spawn(process.execPath, [file], { cwd: elsewhere, env: userEnvironment(), stdio: [...stdio] });
  const { status, stdout, output } = await ended(child as Parameters<typeof ended>[0]);
  if (status !== 0) throw new Error(output);
  return stdout.trim().split("\n");
}

test.serial("a script outside the project deploys it, sees what happens, and has the result", async (t) => {
  const before = await config();
  const lines = await runOutside(
    "const result = await deploy({ onEvent: (event) => console.log(JSON.stringify(event)) });\nconsole.log(JSON.stringify(result));",
  );
  const result: DeployResult = JSON.parse(lines.pop()!);
  t.like(result, { stack: "dev", operation: "up", modelName: "churn_predictor_feast", modelVersion: "1" });
  t.like(result, await project.outputs());
  t.is(result.endpoint, project.endpoint);
  t.true(result.metrics!.roc_auc! > 0.7);
  t.deepEqual(
    result.changes.map(({ operation, name }) => `${operation} ${name}`),
    ["create trainer-model", "create inference-server", "create inference-verification"],
  );
  const events: DeployEvent[] = lines.map((line) => JSON.parse(line));
  const trees = events.flatMap((event) => (event.type === "progress" && event.total ? [event.done] : []));
  t.deepEqual([trees.at(0), trees.at(-1)], [0, 10]);
  t.is(await config(), before);
});

test.serial("the command changes nothing then, and prints a curl that the service answers", async (t) => {
  const { status, stdout } = await project.node("automation/cli.ts");
  t.is(status, 0);
  t.regex(stdout, /nothing changed/);
  const [curl] = /^curl .*\/predict .*$/m.exec(stdout)!;
  const answer = await promisify(execFile)("sh", ["-c", curl.replace("curl", "curl --silent --fail")]);
  t.like(JSON.parse(answer.stdout), { model_name: "churn_predictor_feast", model_version: "1" });
});

test.serial("with --json stdout is one JSON result, and the metrics lie beside the previous version's", async (t) => {
  await project.configure({ minSamplesLeaf: "5" });
  const { status, stdout, stderr } = await project.node("automation/cli.ts", "--json");
  t.is(status, 0, stderr);
  const result: DeployResult = JSON.parse(stdout);
  t.like(result, { modelVersion: "2", previous: { modelVersion: "1" } });
  t.deepEqual(Object.keys(result.previous!.metrics).sort(), Object.keys(result.metrics!).sort());
  t.regex(stderr, /train: trees: 10 of 10/);
});

test.serial("--skip-train keeps the version that the stack has", async (t) => {
  await project.configure({ minSamplesLeaf: "9" });
  const { stdout } = await project.node("automation/cli.ts", "--skip-train", "--json");
  t.like(JSON.parse(stdout), { modelVersion: "2", changes: [] });
});

for (const [args, code] of [
  [["--skip-trian"], 2],
  [["--destroy", "--preview"], 2],
  [["--stack", "nope"], 1],
  [["--help"], 0],
] as const) {
  test.serial(`exit code of ${args.join(" ")} is ${code}`, async (t) => {
    t.is((await project.node("automation/cli.ts", ...args)).status, code);
  });
}

test.serial("Ctrl-C ends with 130 and leaves nothing to clean up", async (t) => {
  await project.configure({ nEstimators: "2000" });
  const child = project.spawn("automation/cli.ts");
  const printed = new Promise((resolve) => child.stdout.on("data", (text) => /trees: \d/.test(text) && resolve(text)));
  const end = ended(child);
  await printed;
  child.kill("SIGINT");
  const { status, output } = await end;
  t.is(status, 130, output);
  t.is((await project.versions()).length, 2);
  t.like(await project.get("/metadata"), { model_version: "2" });
});

test.serial("--destroy leaves nothing that answers", async (t) => {
  const { status, stdout } = await project.node("automation/cli.ts", "--destroy");
  t.is(status, 0, stdout);
  await t.throwsAsync(project.get("/health"));
});
