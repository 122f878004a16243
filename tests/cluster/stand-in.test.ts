import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { StandIns } from "../stand-ins/stand-ins.ts";
import { ToyProgram } from "../stand-ins/toy-program.ts";

// What the stand-ins of docker and kubernetes do at a real registry and a real API server.

const space = `stand-in-${randomBytes(3).toString("hex")}`;
let standIns: StandIns;
let program: ToyProgram;

test.before(async () => {
  const { REGISTRY: registry } = process.env;
  if (!registry || !process.env.KUBECONFIG)
    throw new Error("expected KUBECONFIG and REGISTRY of a cluster, see README");
  standIns = await StandIns.start({ registry, docker: "real", kubernetes: "real" });
  program = await ToyProgram.make(standIns, join(import.meta.dirname, "stand-in"));
  program.want({ space });
});

test.after.always(async () => {
  standIns?.stop();
  await program?.remove();
  await kubectl("delete", "namespace", space, "--ignore-not-found", "--wait=false");
});

async function kubectl(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)("kubectl", args)).stdout;
}

function environment(): Promise<string> {
  return kubectl(
    "get",
    "deployment",
    "stand-in",
    "-n",
    space,
    "-o",
    "jsonpath={.spec.template.spec.containers[0].env}",
  );
}

test.serial(
  "an image is built, pushed, pulled by its digest and rolled out; the same again changes nothing",
  async (t) => {
    const first = await program.up();
    t.is(first.status, 0, first.output);
    t.regex(first.output, /repoDigest: ".*\/stand-in@sha256:[0-9a-f]{64}"/);
    const again = await program.up("--refresh");
    t.is(again.status, 0, again.output);
    t.deepEqual(standIns.calls.changes(), []);
  },
);

test.serial("a preview asks the server, and writes nothing", async (t) => {
  program.want({ space, setting: "b" });
  const { status, output } = await program.preview();
  t.is(status, 0, output);
  t.regex(output, /Deployment\s+deployment\s+update/);
  t.regex(await kubectl("get", "configmaps", "-n", space, "-o", "name"), /config-a/);
  t.notRegex(await kubectl("get", "configmaps", "-n", space, "-o", "name"), /config-b/);
});

test.serial("what kubectl set conflicts; forced, the program's own fields come back and others stay", async (t) => {
  program.want({ space, setting: "b" });
  t.is((await program.up()).status, 0);
  await kubectl("set", "env", "deployment/stand-in", "-n", space, "FAILURE=", "EXTRA=kept", "SETTING=hand");
  await kubectl("set", "image", "deployment/stand-in", "-n", space, "stand-in=none.invalid/other:1");
  program.want({ space, setting: "c" });
  const refused = await program.up();
  t.not(refused.status, 0);
  t.regex(refused.output, /Apply failed with 1 conflict: conflict with "kubectl-set"/);
  t.regex(refused.output, /\.spec\.template\.spec\.containers\[name="stand-in"\]\.image/);
  program.want({ space, setting: "c", force: true });
  const { status, output } = await program.up();
  t.is(status, 0, output);
  t.regex(await environment(), /"name":"EXTRA","value":"kept"/);
});

test.serial("a ConfigMap that was retained can't be created again, unless the provider upserts", async (t) => {
  program.want({ space, setting: "a", force: true });
  const refused = await program.up();
  t.regex(refused.output, /configmaps "config-a" already exists/);
  program.want({ space, setting: "a", force: true, upsert: true });
  const { status, output } = await program.up();
  t.is(status, 0, output);
});

test.serial("pods that fail fail the update with their last words, while the old ones stay available", async (t) => {
  program.want({ space, setting: "a", force: true, upsert: true, podFailure: "the model is missing" });
  const failed = await program.up();
  t.not(failed.status, 0);
  t.regex(failed.output, /'stand-in' timed out waiting to be Ready/);
  t.regex(failed.output, /\[Pod .*\]: containers with unready status: \[stand-in\].*the model is missing/s);
  const available = "jsonpath={.status.availableReplicas}";
  t.is(await kubectl("get", "deployment", "stand-in", "-n", space, "-o", available), "1");
  program.want({ space, setting: "a", force: true, upsert: true });
  const { status, output } = await program.up();
  t.is(status, 0, output);
});

test.serial("a Job that fails fails the update with its last words, and runs anew next time", async (t) => {
  program.want({ space, setting: "d", force: true, upsert: true, jobFailure: "10.0.0.7 /predict: expected 0.5" });
  const failed = await program.up();
  t.not(failed.status, 0);
  t.regex(failed.output, /Resource 'verify-[0-9a-f]{8}' was created but failed to initialize/);
  t.regex(failed.output, /10\.0\.0\.7 \/predict: expected 0\.5/);
  program.want({ space, setting: "d", force: true, upsert: true });
  const { status, output } = await program.up();
  t.is(status, 0, output);
});

test.serial("destroy ends when all is gone", async (t) => {
  const { status, output } = await program.destroy();
  t.is(status, 0, output);
  await t.throwsAsync(kubectl("get", "namespace", space), { message: /not found/ });
});
