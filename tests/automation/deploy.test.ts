import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import test from "ava";
import { DeployError } from "../../automation/deploy.ts";
import { ToyProject, userEnvironment } from "./toy-project.ts";

const toy = await ToyProject.make();
const config = await toy.read("Pulumi.dev.yaml");
test.after.always(() => toy.remove());
test.afterEach.always(() => writeFile(join(toy.folder, "Pulumi.dev.yaml"), config));

const configure = (settings: Readonly<Record<string, string | number>>) => {
  const lines = Object.entries({ trees: 2, ...settings }).map(([key, value]) => `  toy:${key}: ${value}`);
  return writeFile(join(toy.folder, "Pulumi.dev.yaml"), config.replace(/^ {2}toy:.*$/m, lines.join("\n")));
};

test.serial("a preview of a new stack says what would be created, and creates nothing", async (t) => {
  const { changes, modelVersion, endpoint } = await toy.deploy({ preview: true });
  t.deepEqual(
    changes.map(({ operation, name }) => `${operation} ${name}`),
    ["create trainer-model", "create inference-server", "create inference-verification"],
  );
  t.is(modelVersion, undefined);
  t.is(endpoint, undefined);
  await t.throwsAsync(toy.read("log"), { code: "ENOENT" });
});

test.serial("skipDeploy on a new stack trains, and creates no service", async (t) => {
  const result = await toy.deploy({ skipDeploy: true });
  t.like(result, { stack: "dev", operation: "up", modelName: "toy", modelVersion: "a", endpoint: undefined });
  t.deepEqual(
    result.changes.map(({ name }) => name),
    ["trainer-model"],
  );
  const progress = toy.events.filter((event) => event.type === "progress");
  t.deepEqual(
    progress.map(({ done }) => done),
    [1, 2],
  );
  t.is(await toy.read("Pulumi.dev.yaml"), config);
});

test.serial(
  "skipTest creates the service without its verification, which the next deployment makes up for",
  async (t) => {
    const skipped = await toy.deploy({ skipTest: true });
    t.deepEqual(
      skipped.changes.map(({ name }) => name),
      ["inference-server"],
    );
    const { changes, endpoint } = await toy.deploy();
    t.deepEqual(
      changes.map(({ name }) => name),
      ["inference-verification"],
    );
    t.is(endpoint, "http://127.0.0.1:1");
  },
);

test.serial("a preview names the inputs that changed", async (t) => {
  await configure({ labels: "b" });
  const { changes } = await toy.deploy({ preview: true });
  t.like(changes[0], { operation: "update", name: "trainer-model", kind: "TrainedModel", changed: ["labels"] });
});

test.serial("skipDeploy leaves the service of the earlier version as it is", async (t) => {
  await configure({ labels: "b" });
  const { changes, endpoint, previous, modelVersion } = await toy.deploy({ skipDeploy: true });
  t.deepEqual(
    changes.map(({ operation, name }) => `${operation} ${name}`),
    ["update trainer-model"],
  );
  t.is(endpoint, "http://127.0.0.1:1");
  t.is(modelVersion, "b");
  t.like(previous, { modelVersion: "a", sha256: "sha of a", metrics: { roc_auc: 0.8 } });
});

const failures = [
  ["training", "trainer-model: training: expected 6 columns, got 5"],
  ["program", "config failure: expected nothing, got program"],
] as const;

for (const [failure, message] of failures) {
  test.serial(`an error of the ${failure} is its message, once`, async (t) => {
    await configure({ labels: "b", failure });
    const error = await t.throwsAsync(toy.deploy(), { instanceOf: DeployError });
    t.is(error?.message, message);
    t.deepEqual(error?.reasons, [message]);
    t.false(error?.cancelled);
  });
}

test.serial("an AbortSignal stops the training at once, and the next deployment goes on", async (t) => {
  await configure({ labels: "c", trees: 5000 });
  const controller = new AbortController();
  const onEvent = ({ type }: { type: string }) => type === "progress" && controller.abort();
  const options = { signal: controller.signal, onEvent };
  const error = await t.throwsAsync(toy.deploy(options), { instanceOf: DeployError });
  t.true(error?.cancelled);
  t.regex(await toy.read("log"), /training c\nstopped c\n$/);
  await configure({ labels: "c" });
  t.like(await toy.deploy(), { modelVersion: "c", endpoint: "http://127.0.0.1:1" });
});

test.serial("a CLI killed while it creates leaves no provider at work, and the next deployment goes on", async (t) => {
  await toy.deploy({ destroy: true });
  await configure({ labels: "d", trees: 5000 });
  const killed = await toy.pulumi("up", "--yes", "--skip-preview", "--stack", "dev");
  await until(async () => (await toy.read("log")).endsWith("training d\n"));
  killed.kill("SIGKILL");
  await once(killed, "exit");
  await until(async () => (await toy.read("log")).endsWith("stopped d\n"));
  await configure({ labels: "d" });
  t.like(await toy.deploy(), { modelVersion: "d" });
  t.notRegex(await toy.read(".pulumi-state/.pulumi/stacks/toy/dev.json"), /pending_operations/);
});

test.serial("a stack that another run holds is an error that names it", async (t) => {
  await configure({ labels: "e", trees: 5000 });
  const other = await toy.pulumi("up", "--yes", "--skip-preview", "--stack", "dev");
  await until(async () => (await toy.read("log")).endsWith("training e\n"));
  const error = await t.throwsAsync(toy.deploy({ preview: true }));
  other.kill("SIGKILL");
  await once(other, "exit");
  t.regex(
    error?.message ?? "",
    new RegExp(`^stack dev is being updated by process ${other.pid} of .* Wait for it to end$`),
  );
});

test.serial("a config file without a salt stays without one", async (t) => {
  const before = await toy.read("Pulumi.unsalted.yaml");
  await toy.deploy({ stack: "unsalted", skipDeploy: true });
  t.is(await toy.read("Pulumi.unsalted.yaml"), before);
});

test.serial("on a backend that the user has chosen the stack is made too, without a question", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "backend-"));
  const env = {
    ...userEnvironment(),
    PULUMI_BACKEND_URL: pathToFileURL(folder).href,
    PULUMI_CONFIG_PASSPHRASE: "theirs",
  };
  t.like(await toy.deploy({ env, skipDeploy: true }), { modelVersion: "a" });
  t.true((await readdir(join(folder, ".pulumi", "stacks", "toy"))).includes("dev.json"));
  t.is(await toy.read("Pulumi.dev.yaml"), config);
  await rm(folder, { recursive: true });
});

test.serial("a stack that nobody has described is an error that names those there are", async (t) => {
  const error = await t.throwsAsync(toy.deploy({ stack: "nope" }), { instanceOf: DeployError });
  t.regex(
    error?.message ?? "",
    /^no stack nope: there is no Pulumi\.nope\.yaml\. Stacks with a config file: dev, unsalted\./,
  );
});

test.serial(
  "destroy keeps what is protected and takes the rest down, and the next deployment goes on from there",
  async (t) => {
    await configure({ protect: "true" });
    await toy.deploy();
    const { changes } = await toy.deploy({ destroy: true });
    t.deepEqual(
      changes.map(({ operation, name }) => `${operation} ${name}`),
      ["delete inference-verification", "delete inference-server"],
    );
    t.deepEqual((await toy.deploy({ destroy: true })).changes, []);
    await configure({ protect: "false" });
    t.deepEqual(
      (await toy.deploy()).changes.map(({ name }) => name),
      ["inference-server", "inference-verification"],
    );
  },
);

test.serial("destroy empties the stack, and a second one finds nothing", async (t) => {
  const first = await toy.deploy({ destroy: true });
  t.true(first.changes.every(({ operation }) => operation === "delete"));
  t.deepEqual((await toy.deploy({ destroy: true })).changes, []);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(20);
}
