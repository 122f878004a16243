import test from "ava";
import { changed, keys, permits, refuses } from "../fixtures/changed.ts";
import { deployment, podSpec, resource, unknown, workloads } from "../fixtures/good.ts";
import { imageByDigest } from "./image-by-digest.ts";

for (const [workload, path] of workloads) {
  for (const field of ["containers", "initContainers"]) {
    test(`${workload.type}: an image by tag in ${field} is refused`, (t) => {
      refuses(t, imageByDigest, workload, `${path}.${field}[0].image`, "ml-inference:latest");
    });
  }
}

const image = "spec.template.spec.containers[0].image";
for (const [what, value] of [
  ["no image", undefined],
  ["a tag and nothing else", "ml-inference:1.2.3"],
  ["a digest that is too short", "ml-inference@sha256:0123"],
  ["a digest of no image", `@sha256:${"0".repeat(64)}`],
  ["a number", 3],
] as const) {
  test(`refused: ${what}`, (t) => refuses(t, imageByDigest, deployment, image, value));
}

test("an image that is known after the build is permitted, and so is a digest beside a tag", (t) => {
  permits(t, imageByDigest, deployment, image, unknown);
  permits(t, imageByDigest, deployment, image, `registry.example/ml-inference:1@sha256:${"a".repeat(64)}`);
});

test("each container is named by its own place", (t) => {
  const containers = ["a:1", podSpec.containers[0]!.image, "b:2"].map((image) => ({ image }));
  const problems = imageByDigest.check(changed(deployment, keys("spec.template.spec.containers"), containers));
  t.deepEqual(problems, [
    'spec.template.spec.containers[0].image: expected an image by digest (name@sha256:…), got "a:1"',
    'spec.template.spec.containers[2].image: expected an image by digest (name@sha256:…), got "b:2"',
  ]);
});

test("kinds that run no pods have no images", (t) => {
  t.deepEqual(
    imageByDigest.check(resource("kubernetes:core/v1:Service", { spec: { containers: [{ image: "a" }] } })),
    [],
  );
});
