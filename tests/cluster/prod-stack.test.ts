import test from "ava";
import { tinyArtifact } from "../../inference/fixtures/tiny-classifier.ts";
import { registrationFixture } from "../../mlflow/fixture.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { DeployedStack } from "./deployed-stack.ts";
import { needed } from "./needed.ts";

// From nothing to a proven service, from version to version, and what a version does that can't be proven.

const stack = await DeployedStack.make({ rolloutMinutes: "1" });
const { project, standIns } = stack;
test.after.always(() => stack.remove());

test.before("two versions are registered, and a third one that doesn't answer its golden sample", async () => {
  for (const seed of ["1", "2"]) await stack.train("--n-estimators=20", "--max-depth=6", `--random-state=${seed}`);
  const artifact = { ...tinyArtifact(0.1), golden: tinyArtifact(0.3).golden };
  const store = openStore(needed("MLFLOW_TRACKING_URI"));
  await store.logAndRegister(registrationFixture({ model: stack.modelName, artifact }));
});

test.serial("up goes from nothing to a verified service behind the Ingress", async (t) => {
  t.log(await project.previewedUp());
  t.is(await stack.served(), "1");
});

test.serial("a second up changes nothing", async (t) => {
  standIns.calls.clear();
  await project.up();
  t.deepEqual(standIns.calls.changes(), []);
});

test.serial("a rollout to version 2 and back fails none of 50,000 requests", async (t) => {
  const load = await stack.load();
  await load.more(5000);
  await project.configure({ modelVersion: "2" });
  await project.up();
  t.is(await stack.served(), "2");
  await load.more(5000);
  await project.configure({ modelVersion: "1" });
  await project.up();
  t.is(await stack.served(), "1");
  await load.more(Math.max(5000, 50_000 - load.requests));
  const { requests, failures, versions } = await load.stop();
  t.deepEqual(failures, []);
  t.true(requests >= 50_000);
  t.deepEqual(Object.keys(versions).sort(), ["1", "2"]);
  t.log(`${requests} requests: ${JSON.stringify(versions)}`);
});

test.serial("a version that can't be proven fails up and no request, though an old pod goes meanwhile", async (t) => {
  const load = await stack.load();
  await load.more(1000);
  await project.configure({ modelVersion: "3" });
  const [killed] = (await stack.pods()) as [string];
  const up = project.failingUp();
  await stack.until("a pod of version 3 is there", 120, async () => (await stack.pods()).length > 2);
  await stack.kubectl("delete", "pod", killed, "--wait=false");
  const output = await up;
  t.regex(output, /doesn't answer its golden sample: .*row \d+/);
  t.regex(
    output,
    /to go back to version 1, the last one proven: npm run pulumi -- config set modelVersion 1 --stack prod/,
  );
  await load.more(1000);
  const { requests, failures, versions } = await load.stop();
  t.deepEqual(failures, []);
  t.deepEqual(Object.keys(versions), ["1"], "the pod that took the place of the one that went serves version 1, too");
  t.false((await stack.pods()).includes(killed));
  t.log(`${requests} requests`);
});

test.serial("the version before is right back after the failure", async (t) => {
  await project.configure({ modelVersion: "1" });
  await project.up();
  t.is(await stack.served(), "1");
});

test.serial("instead of the Ingress, an HTTPRoute of a Gateway leads to the service", async (t) => {
  await stack.kubectl("apply", `--filename=${new URL("gateway.yaml", import.meta.url).pathname}`);
  await project.configure({ route: "gateway", gateway: `${stack.namespace}/public/web` });
  await project.up();
  t.deepEqual((await stack.get("ingresses")).items, []);
  await stack.until("the Gateway leads to it", 30, () => stack.served().then(Boolean, () => false));
  t.is(await stack.served(), "1");
});
