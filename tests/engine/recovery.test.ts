import { once } from "node:events";
import { appendFile, readdir, readFile, rm, utimes } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "ava";
import { isProcess } from "../../components/local/process-identity.ts";
import { ended, TestProject } from "./test-project.ts";

const project = await TestProject.make();
test.after.always(() => project.remove());

test.serial("a taken port is an error before anything is trained", async (t) => {
  const other = createServer((_request, response) => response.end());
  await once(other.listen(project.port, "127.0.0.1"), "listening");
  const output = await project.failingUp();
  other.close();
  t.regex(output, /config port: port \d+ of 127\.0\.0\.1 is taken by another process/);
  t.notRegex(output, /train:/);
  t.deepEqual(await project.versions(), []);
});

test.serial("a training that is killed leaves no version, and the next up recovers", async (t) => {
  await project.configure({ nEstimators: "2000" });
  const killed = project.spawn("automation/pulumi.ts", "up", "--yes", "--stack", "dev");
  await printed(killed.stdout, /train: trees: \d+/);
  for (const pid of [killed.pid!, await enginePid()]) process.kill(pid, "SIGKILL");
  await ended(killed);
  t.deepEqual(await project.versions(), []);

  await project.configure({ nEstimators: "10" });
  t.regex(await project.up(), /register: churn_predictor_feast version 1/);
  t.like(await project.get("/metadata"), { model_version: "1" });
});

test.serial("touched files and changed code of the provider train nothing", async (t) => {
  const before = await project.outputs();
  const data = join(project.folder, "trainer", "sample", "data");
  for (const name of ["churn_labels", "customer_purchases"]) {
    await utimes(join(data, `${name}.parquet`), new Date(), new Date());
  }
  for (const file of [
    "components/model/trained-model-provider.ts",
    "components/module-provider.ts",
    "trainer/pipeline.ts",
  ]) {
    await appendFile(join(project.folder, file), "\n// changed\n");
  }
  const output = await project.up();
  t.notRegex(output, /train:/);
  t.deepEqual(await project.outputs(), before);
});

test.serial("changed code of the service rolls to it, and trains nothing", async (t) => {
  const { instances } = project.supervisor();
  await appendFile(join(project.folder, "inference", "app.ts"), "\n// changed\n");
  const output = await project.up();
  t.regex(output, /LocalServer inference-server updated .*\[diff: ~code\]/);
  t.notRegex(output, /train:/);
  t.notDeepEqual(project.supervisor().instances, instances);
});

test.serial("an instance that is killed is started again by the supervisor", async (t) => {
  const [instance] = project.supervisor().instances;
  process.kill(instance!, "SIGKILL");
  await until(async () => project.supervisor().instances.some((pid) => pid !== instance));
  await until(async () => (await project.get("/health").catch(() => ({ status: "" }))).status === "healthy");
  t.like(await project.get("/metadata"), { model_version: "1" });
});

test.serial("refresh sees a server that is gone, as after a reboot, and a plain up revives it", async (t) => {
  const { pid, instances } = project.supervisor();
  for (const process_ of [pid, ...instances]) process.kill(process_, "SIGKILL");
  const refresh = await project.pulumi("refresh", "--yes", "--stack", "dev");
  t.regex(refresh.output, /LocalServer inference-server.*delete/);
  const output = await project.up();
  t.notRegex(output, /train:/);
  t.like(await project.get("/metadata"), { model_version: "1" });
});

test.serial("a version that someone deleted is trained again, to the same bytes", async (t) => {
  const { sha256 } = await project.outputs();
  await rm(join(project.folder, "mlruns"), { recursive: true });
  t.regex(await project.up(), /register: churn_predictor_feast version 1/);
  t.is((await project.outputs()).sha256, sha256);
});

test.serial("a clone that was moved trains nothing, serves from its new place, and can be destroyed", async (t) => {
  const { id, pid, instances } = project.supervisor();
  await project.move();
  const refresh = await project.pulumi("refresh", "--yes", "--stack", "dev");
  t.is(refresh.status, 0, refresh.output);
  const output = await project.up();
  t.notRegex(output, /train:/);
  t.notRegex(output, /TrainedModel trainer-model upd/);
  t.regex(output, /LocalServer inference-server updated .*\[diff: ~project\]/);
  t.like(await project.get("/metadata"), { model_version: "1" });

  await project.move();
  const destroy = await project.pulumi("destroy", "--yes", "--stack", "dev");
  t.is(destroy.status, 0, destroy.output);
  t.false([pid, ...instances].some((process_) => isProcess(process_, id)));
});

test.serial("the stack's config file holds what was set in it, and nothing else", async (t) => {
  const text = await readFile(join(project.folder, "Pulumi.dev.yaml"), "utf8");
  t.notRegex(text, /secure|MLFLOW_/);
});

/** Of the Pulumi CLI that holds the stack, as its lock says. */
async function enginePid(): Promise<number> {
  const locks = join(project.folder, ".pulumi-state", ".pulumi", "locks");
  const [lock] = (await readdir(locks, { recursive: true })).filter((file) => file.endsWith(".json"));
  return JSON.parse(await readFile(join(locks, lock!), "utf8")).pid;
}

/** Waits until a stream has printed a match. */
async function printed(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<void> {
  let text = "";
  for await (const chunk of stream) {
    text += chunk;
    if (pattern.test(text)) return;
  }
  throw new Error(`expected ${pattern} to be printed, got:\n${text}`);
}

/** Asks until the answer is true; the test's own time-out ends it. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
