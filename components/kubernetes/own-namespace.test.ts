import test, { type ExecutionContext } from "ava";
import { freePort } from "../../tests/free-port.ts";
import { RecordedStack } from "../aws/fixtures/recorded-stack.ts";
import { StackState } from "../stack-state.ts";
import { type FakeAnswer, fakeApi, kubeconfig } from "./access/fixtures/fake-api.ts";
import { testSettings } from "./fixtures/settings.ts";
import { namespace } from "./namespace.ts";
import { assertOwnNamespace } from "./own-namespace.ts";

test.before(() => RecordedStack.start());

const path = "/api/v1/namespaces/ml-inference";
const foreign: FakeAnswer = {
  metadata: { name: "ml-inference", labels: { "ml-deployment-pipeline/stack": "staging" } },
};

/** Checks the namespace in a cluster that answers so, for a stack whose state has a namespace of the name `recorded`; gives the warnings. */
async function check(t: ExecutionContext, answer: FakeAnswer | undefined, recorded?: string): Promise<string[]> {
  const { access } = await fakeApi(t, answer ? { [path]: answer } : {});
  return warnings(access, recorded);
}

async function warnings(access: { kubeconfig: string } | { kubeContext: string }, recorded?: string) {
  const type = "kubernetes:core/v1:Namespace";
  const state = new StackState(
    recorded ? { [`urn:pulumi:prod::p::${type}::n`]: { type, outputs: { metadata: { name: recorded } } } } : {},
  );
  const warned: string[] = [];
  await assertOwnNamespace({ access, namespace: "ml-inference", state, warn: (message) => warned.push(message) });
  return warned;
}

test("a namespace that isn't there yet is taken", async (t) => {
  t.deepEqual(await check(t, undefined), []);
});

test("a namespace that an interrupted run of the stack has made is taken, by the label that it has", async (t) => {
  const made = namespace(testSettings(), "prod");
  t.deepEqual(await check(t, made), []);
});

test("a namespace that the stack has already is taken, whatever its labels", async (t) => {
  t.deepEqual(await check(t, foreign, "ml-inference"), []);
});

test("somebody else's namespace is refused, with the ways out and what they mean", async (t) => {
  const message =
    /^config namespace: expected ml-inference to be new .*config set namespace NAME --stack prod; .*which a destroy then deletes: kubectl label namespace ml-inference ml-deployment-pipeline\/stack=prod$/;
  await t.throwsAsync(check(t, { metadata: { name: "ml-inference" } }), { message });
});

test("another stack's namespace is refused by that stack's name, and its label has to be overwritten", async (t) => {
  const message = /one that is the stack staging's: .*kubectl label namespace ml-inference --overwrite ml-dep/;
  await t.throwsAsync(check(t, foreign), { message });
});

test("a stack that changes its namespace doesn't take over one either", async (t) => {
  await t.throwsAsync(check(t, foreign, "ml-staging"), { message: /^config namespace: expected ml-inference/ });
});

test("who may not read namespaces is warned, and gets a preview", async (t) => {
  const warned = await check(t, [403, "namespaces is forbidden"]);
  t.is(warned.length, 1);
  t.regex(warned[0]!, /^whether namespace ml-inference is somebody else's isn't known: .*403/);
});

test("where no way leads to the cluster there is a warning, and a preview", async (t) => {
  const access = { kubeconfig: kubeconfig({ server: `http://127.0.0.1:${await freePort()}` }) };
  t.regex((await warnings(access))[0]!, /cannot reach the cluster at/);
});

for (const status of [401, 500])
  test(`a cluster that answers with ${status} stops the run, since nobody knows whose namespace it is`, async (t) => {
    await t.throwsAsync(check(t, [status, "no"]), { message: new RegExp(`read Namespace ml-inference.*${status}`) });
  });
