import test from "ava";
import { StackState } from "./stack-state.ts";

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
