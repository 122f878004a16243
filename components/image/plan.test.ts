import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { RecordedStack } from "../aws/fixtures/recorded-stack.ts";
import { trainedModelType } from "../model/trained-model.ts";
import { contentTag, contextDigest } from "./build-context.ts";
import { type ImageSettings, planImage } from "./plan.ts";

const settings: ImageSettings = {
  repository: "ml-inference",
  tag: "",
  platform: "linux/amd64",
  keep: 0,
  modelDelivery: "registry",
  skipBuild: false,
};
const model = { modelName: "churn", resolved: { version: "3", sha256: "aa" } };
const url = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/ml-inference";

type Recorded = Record<string, { type: string; outputs: Record<string, unknown> }>;

const recorded = {
  repository: {
    "urn:r::image-repository": { type: "aws:ecr/repository:Repository", outputs: { name: "ml-inference" } },
  },
  build: { "urn:r::image-build": { type: "docker:index/image:Image", outputs: { imageName: `${url}:v1` } } },
  image: {
    "urn:r::image": {
      type: "pipeline:image:Image",
      outputs: { reference: `${url}@sha256:11`, tag: "v1", repositoryUrl: url },
    },
  },
} satisfies Record<string, Recorded>;

/** @param images Digests of ml-inference by tag; undefined where the repository doesn't exist. */
async function plan(
  t: ExecutionContext,
  {
    images,
    state = {},
    wanted = {},
    of = model,
  }: {
    images?: Record<string, string>;
    state?: Recorded;
    wanted?: Partial<ImageSettings>;
    of?: Parameters<typeof planImage>[1];
  },
) {
  const project = await mkdtemp(join(tmpdir(), "plan-image-"));
  t.teardown(() => rm(project, { recursive: true }));
  await mkdir(join(project, "inference"));
  await writeFile(join(project, ".dockerignore"), "*\n!inference\n");
  await writeFile(join(project, "inference/Dockerfile"), "FROM scratch");
  const stack = await RecordedStack.start({
    calls: {
      "pulumi:pulumi:readStackResourceOutputs": () => ({ outputs: state }),
      "aws:ecr/getRepositories:getRepositories": () => ({ names: images ? ["other", "ml-inference"] : ["other"] }),
      "aws:ecr/getRepository:getRepository": () => ({ repositoryUrl: url }),
      "aws:ecr/getImages:getImages": () => ({
        imageIds: Object.entries(images ?? {}).map(([imageTag, imageDigest]) => ({ imageTag, imageDigest })),
      }),
    },
  });
  const planned = await planImage({ ...settings, ...wanted }, of, {}, project);
  const own = contentTag({ context: contextDigest(project), platform: "linux/amd64", modelDelivery: "registry" });
  return { planned, own, called: stack.called, registered: stack.registered };
}

test.serial("nothing is there: the repository is made, the image is built under its content's tag", async (t) => {
  const { planned, own, registered } = await plan(t, {});
  t.like(planned, { action: "build", tag: own, lost: false, repository: { name: "ml-inference", adopted: undefined } });
  t.deepEqual(registered, []);
});

test.serial("a repository that exists is adopted, one of the stack's own stays its own", async (t) => {
  t.is((await plan(t, { images: {} })).planned.repository.adopted, url);
  t.is((await plan(t, { images: {}, state: recorded.repository })).planned.repository.adopted, undefined);
});

test.serial("a tag that is pushed is adopted by its digest", async (t) => {
  const { planned } = await plan(t, { images: { v1: "sha256:11" }, wanted: { tag: "v1" } });
  t.like(planned, { action: "adopt", tag: "v1", digest: "sha256:11", built: undefined });
  const { own } = await plan(t, {});
  t.like((await plan(t, { images: { [own]: "sha256:22" } })).planned, { action: "adopt", digest: "sha256:22" });
});

test.serial("a recorded build is named, whatever its tag", async (t) => {
  const state = { ...recorded.repository, ...recorded.build };
  const { planned } = await plan(t, { images: { v2: "sha256:22" }, state, wanted: { tag: "v2" } });
  t.like(planned, { action: "adopt", digest: "sha256:22", built: `${url}:v1` });
});

test.serial("a wanted tag that isn't pushed is built, and again where the registry has lost it", async (t) => {
  const state = { ...recorded.repository, ...recorded.build };
  const { planned } = await plan(t, { images: { other: "sha256:22" }, state, wanted: { tag: "v2" } });
  t.like(planned, { action: "build", tag: "v2", lost: false });
  const again = await plan(t, { images: {}, state, wanted: { tag: "v1" } });
  t.like(again.planned, { action: "build", tag: "v1", lost: true });
});

test.serial("an image that carries its model has a tag of its own for each version", async (t) => {
  const wanted = { modelDelivery: "image" } as const;
  const tags = new Set([(await plan(t, {})).own]);
  for (const resolved of [{ version: "3", sha256: "aa" }, { version: "4", sha256: "aa" }, { version: "3" }]) {
    const { planned } = await plan(t, { wanted, of: { modelName: "churn", resolved } });
    tags.add(planned.tag!);
  }
  t.is(tags.size, 4);
});

test.serial("for a model that is yet to be trained the tag isn't known", async (t) => {
  const of = { modelName: "churn" };
  const { planned } = await plan(t, { images: {}, wanted: { modelDelivery: "image" }, of });
  t.like(planned, { action: "build", tag: undefined });
  t.is((await plan(t, { of })).planned.tag, (await plan(t, {})).own);
  const pushed = plan(t, { images: { v1: "sha256:11" }, wanted: { modelDelivery: "image", tag: "v1" }, of });
  await t.throwsAsync(pushed, { message: /config imageTag: v1 is pushed already.*can't carry the version of churn/ });
});

test.serial("a model that is kept is the one that the stack has", async (t) => {
  const state = {
    "urn:t::model": { type: trainedModelType, outputs: { version: "2", sha256: "bb" } },
  };
  const wanted = { modelDelivery: "image" } as const;
  const kept = await plan(t, { state, wanted, of: { ...model, keep: true } });
  const second = await plan(t, { wanted, of: { modelName: "churn", resolved: { version: "2", sha256: "bb" } } });
  t.is(kept.planned.tag, second.planned.tag);
});

test.serial("a skipped build keeps what the stack has, and asks AWS for nothing", async (t) => {
  const { planned, called } = await plan(t, {
    state: { ...recorded.image, ...recorded.build },
    wanted: { skipBuild: true },
  });
  t.like(planned, { action: "keep", tag: "v1", digest: "sha256:11", repositoryUrl: url, built: `${url}:v1` });
  t.is(planned.repository.adopted, url);
  t.deepEqual(called, ["pulumi:pulumi:readStackResourceOutputs"]);
  const own = await plan(t, { state: { ...recorded.image, ...recorded.repository }, wanted: { skipBuild: true } });
  t.is(own.planned.repository.adopted, undefined);
});

test.serial("a skipped build of a new stack takes the image that is pushed, or asks for a run with it", async (t) => {
  const wanted = { skipBuild: true, tag: "v1" };
  const { planned } = await plan(t, { images: { v1: "sha256:11" }, wanted });
  t.like(planned, { action: "adopt", digest: "sha256:11" });
  await t.throwsAsync(plan(t, { images: {}, wanted }), {
    message: /the stack has no image yet, and v1 isn't pushed to ml-inference: run once without --skip-build/,
  });
});

for (const tag of ["latest", "-v1", "a b", "a:b", "x".repeat(129)])
  test.serial(`no tag for an image: ${tag.slice(0, 10)}`, async (t) => {
    await t.throwsAsync(plan(t, { wanted: { tag } }), {
      message: /config imageTag: expected a tag that names one image/,
    });
  });

test.serial("a stack whose own repository has another name says how to let go of it", async (t) => {
  const state = { "urn:r::image-repository": { type: "aws:ecr/repository:Repository", outputs: { name: "older" } } };
  await t.throwsAsync(plan(t, { images: {}, state }), { message: /the stack made the repository older.*state delete/ });
  t.is((await plan(t, { state })).planned.action, "build");
});

test.serial("where ECR can't be asked, the error says what was needed", async (t) => {
  const repository = "ml-inference";
  await RecordedStack.start({ calls: { "pulumi:pulumi:readStackResourceOutputs": () => ({ outputs: {} }) } });
  const planning = planImage({ ...settings, repository }, model, {}, import.meta.dirname);
  await t.throwsAsync(planning, { message: /ECR can't be asked for the repository ml-inference.*ecr:ListImages/ });
});
