import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import test from "ava";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { changed, keys } from "./fixtures/changed.ts";
import { deployment, marked, others, resource, unknown } from "./fixtures/good.ts";
import type { Resource } from "./rule.ts";
import { rules } from "./rules.ts";

const { MANDATORY, ADVISORY } = messages.EnforcementLevel;
const image = "spec.template.spec.containers[0].image";

let pack: Awaited<ReturnType<typeof startPack>>;

test.before(async () => {
  pack = await startPack();
});

test.after.always(() => pack?.stop());

test("the pack starts as Pulumi starts it, and tells each policy with its weight", async (t) => {
  const info = await pack.info();
  t.is(info.getName(), "ml-deployment-pipeline");
  t.deepEqual(
    info.getPoliciesList().map((policy) => [policy.getName(), policy.getEnforcementlevel()]),
    rules.map(({ name, enforcement }) => [name, enforcement === "mandatory" ? MANDATORY : ADVISORY]),
  );
});

test("the pack answers the engine for each resource as the rules do", async (t) => {
  const { analyze } = pack;
  t.deepEqual(await analyze(deployment), []);
  t.deepEqual(await analyze(changed(deployment, keys(image), "ml-inference:latest")), [
    `image-by-digest: ${image}: expected an image by digest (name@sha256:…), got "ml-inference:latest"`,
  ]);
  t.deepEqual(await analyze(resource("pulumi:pulumi:Stack", {})), []);
});

test("in a preview the pack judges what is known beside what isn't", async (t) => {
  const { analyze } = pack;
  const later = changed(deployment, keys(image), unknown);
  t.deepEqual(await analyze(later), []);
  t.deepEqual(await analyze(changed(later, keys("spec.replicas"), 2)), [
    "replicas-left-to-autoscaler: spec.replicas: expected none, as the autoscaler sets it, got 2",
  ]);
});

test("the pack, which gets secrets opened, has nothing against marked ones", async (t) => {
  const { analyze } = pack;
  t.deepEqual(await analyze(others.secret!), []);
  t.deepEqual(await analyze(resource("docker:index/image:Image", { registry: { password: marked("hunter2") } })), []);
});

/** The pack's process, as Pulumi's language host for Node.js runs it: `run-policy-pack <engine> <folder>` in the pack's own folder. */
async function startPack() {
  const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", import.meta.dirname], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit").then(([status]) => Promise.reject(new Error(`the pack ended with ${status}`)));
  ended.catch(() => {});
  const [port] = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  const client = new services.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  return {
    stop() {
      client.close();
      child.kill();
    },
    info: () =>
      answer<messages.AnalyzerInfo>((done) => {
        client.getAnalyzerInfo(new empty.Empty(), done);
      }),
    async analyze(resource: Resource): Promise<string[]> {
      const response = await answer<messages.AnalyzeResponse>((done) => client.analyze(requestOf(resource), done));
      return response.getDiagnosticsList().map((found) => `${found.getPolicyname()}: ${lastLine(found.getMessage())}`);
    },
  };
}

function requestOf({ type, name, properties }: Resource): messages.AnalyzeRequest {
  const request = new messages.AnalyzeRequest();
  request.setType(type);
  request.setName(name);
  request.setUrn(`urn:pulumi:prod::ml-deployment-pipeline::${type}::${name}`);
  request.setOptions(new messages.AnalyzerResourceOptions());
  request.setProperties(structs.Struct.fromJavaScript(properties as Record<string, JavaScriptValue>));
  return request;
}

function answer<Answer>(call: (done: (error: Error | null, answer: Answer) => void) => unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    call((error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

/** A violation's message: before it comes the policy's description. */
function lastLine(message: string): string {
  return message.trim().split("\n").at(-1)!;
}
