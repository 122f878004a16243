import { secret } from "@pulumi/pulumi";
import test from "ava";
import { RecordedStack } from "./aws/fixtures/recorded-stack.ts";
import { readStackState, StackState } from "./stack-state.ts";

const state = new StackState({
  "urn:pulumi:prod::p::pipeline:image:Image::image": { type: "pipeline:image:Image", outputs: { tag: "a" } },
  "urn:pulumi:prod::p::aws:s3/bucket:Bucket::first": { type: "aws:s3/bucket:Bucket", outputs: { bucket: "1" } },
  "urn:pulumi:prod::p::aws:s3/bucket:Bucket::second": { type: "aws:s3/bucket:Bucket", outputs: { bucket: "2" } },
});

test("a resource is found by its type, and by its name where that is given", (t) => {
  t.deepEqual(state.find("pipeline:image:Image"), {
    urn: "urn:pulumi:prod::p::pipeline:image:Image::image",
    outputs: { tag: "a" },
  });
  t.is(state.find("aws:s3/bucket:Bucket")?.outputs.bucket, "2");
  t.is(state.find("aws:s3/bucket:Bucket", "first")?.outputs.bucket, "1");
});

test("what the stack doesn't have isn't found", (t) => {
  t.is(state.find("aws:s3/bucket:Bucket", "irst"), undefined);
  t.is(state.find("aws:s3/bucket"), undefined);
  t.is(new StackState().find("pipeline:image:Image"), undefined);
});

test.serial("the running stack's own checkpoint is read, secrets as plain values", async (t) => {
  const asked: unknown[] = [];
  await RecordedStack.start({
    calls: {
      "pulumi:pulumi:readStackResourceOutputs": (args) => {
        asked.push(args);
        const outputs = { tag: "a", nested: { list: [secret("b"), 1, null] } };
        return { outputs: { "urn:pulumi:prod::pipeline::x:y:Z::z": { type: "x:y:Z", outputs } } };
      },
    },
  });
  const state = await readStackState();
  t.deepEqual(asked, [{ stackName: "organization/pipeline/prod" }]);
  t.deepEqual(state.find("x:y:Z")?.outputs, { tag: "a", nested: { list: ["b", 1, null] } });
});

test.serial("a state that can't be read is an error that says so", async (t) => {
  await RecordedStack.start();
  await t.throwsAsync(readStackState(), { message: /the stack's own state can't be read/ });
});
