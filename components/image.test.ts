import { type Output, output } from "@pulumi/pulumi";
import test from "ava";
import { known, RecordedStack } from "./aws/fixtures/recorded-stack.ts";
import { contentTag } from "./image/build-context.ts";
import type { BuildPlan, ImagePlan, ImageSettings } from "./image/plan.ts";
import { Image, type ImageArgs } from "./image.ts";

const url = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/ml-inference";
const settings: ImageSettings = {
  repository: "ml-inference",
  tag: "",
  platform: "linux/amd64",
  keep: 0,
  modelDelivery: "registry",
  skipBuild: false,
};
const own = { name: "ml-inference" };
const adopted = { name: "ml-inference", adopted: url };
const build: BuildPlan = { action: "build", settings, repository: own, context: "c", lost: false, tag: "t1" };

/** Registers the component; `images` are the tags that are pushed while it does. */
async function made(
  plan: ImagePlan,
  {
    preview = false,
    images = {},
    ...args
  }: Partial<ImageArgs> & { preview?: boolean; images?: Record<string, string> } = {},
) {
  const stack = await RecordedStack.start({
    preview,
    calls: {
      "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({ userName: "AWS", password: "token" }),
      "aws:ecr/getImages:getImages": () => ({
        imageIds: Object.entries(images).map(([imageTag, imageDigest]) => ({ imageTag, imageDigest })),
      }),
    },
    outputs: {
      "aws:ecr/repository:Repository": () => ({ repositoryUrl: url }),
      "docker:index/image:Image": () => (preview ? {} : { repoDigest: `${url}@sha256:b1` }),
    },
  });
  const written: string[] = [];
  const writeBundle: ImageArgs["model"]["writeBundle"] = async (...parts) => {
    written.push(`${stack.ofType("docker:index/image:Image").length}: ${parts.join(" ")}`);
  };
  const model = { name: "churn", version: "3", sha256: "aa", writeBundle };
  const image = new Image("image", { plan, model, ...args });
  await stack.settled();
  const values = {
    reference: await known(image.reference),
    tag: await known(image.tag),
    digest: await known(image.digest),
    repositoryUrl: await known(image.repositoryUrl),
  };
  return { stack, written, values };
}

test.serial("the repository scans what is pushed, keeps tags as they are, and is encrypted", async (t) => {
  const { stack } = await made(build, { tags: { team: "ml" } });
  const [repository] = stack.ofType("aws:ecr/repository:Repository");
  t.deepEqual(repository?.inputs, {
    name: "ml-inference",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "AES256" }],
    forceDelete: false,
    tags: { team: "ml" },
  });
  const [lifecycle] = stack.ofType("aws:ecr/lifecyclePolicy:LifecyclePolicy");
  t.like(lifecycle?.inputs, { repository: "ml-inference" });
  t.is(JSON.parse(lifecycle?.inputs.policy).rules.length, 1);
});

test.serial("an image that isn't pushed is built for the platform and pushed with the registry's token", async (t) => {
  const { stack, values, written } = await made(build);
  const [image] = stack.ofType("docker:index/image:Image");
  t.is(image?.id, undefined);
  t.deepEqual(image?.inputs, {
    imageName: `${url}:t1`,
    build: { context: ".", dockerfile: "inference/Dockerfile", platform: "linux/amd64", target: "registry" },
    registry: secretly({ server: "123456789012.dkr.ecr.eu-north-1.amazonaws.com", username: "AWS", password: "token" }),
    buildOnPreview: false,
    skipPush: false,
  });
  t.deepEqual(values, { reference: `${url}@sha256:b1`, tag: "t1", digest: "sha256:b1", repositoryUrl: url });
  t.deepEqual(written, []);
});

test.serial("in a preview the tag of what is to be built is known, its digest isn't", async (t) => {
  const { values } = await made(build, { preview: true });
  t.like(values, { reference: undefined, tag: "t1", digest: undefined });
});

test.serial("in an adopted repository nothing but the image is made", async (t) => {
  const { stack } = await made({ ...build, repository: adopted });
  t.deepEqual(
    stack.registered.map(({ type }) => type),
    ["pipeline:image:Image", "docker:index/image:Image"],
  );
});

const adopt: ImagePlan = { action: "adopt", settings, repository: adopted, tag: "t1", digest: "sha256:a1" };
const keep: ImagePlan = { ...adopt, action: "keep", repositoryUrl: url };

for (const plan of [adopt, keep]) {
  for (const preview of [false, true]) {
    test.serial(
      `${plan.action}, ${preview ? "preview" : "up"}: the digest is known, and nothing is made or asked`,
      async (t) => {
        const { stack, values } = await made(plan, { preview });
        t.deepEqual(values, { reference: `${url}@sha256:a1`, tag: "t1", digest: "sha256:a1", repositoryUrl: url });
        t.deepEqual(
          stack.registered.map(({ type }) => type),
          ["pipeline:image:Image"],
        );
        t.deepEqual(stack.called, []);
      },
    );
  }

  test.serial(`${plan.action}: a recorded build is read under its own id, so that nothing happens to it`, async (t) => {
    const { stack, values } = await made({ ...plan, built: `${url}:t0` });
    const [image] = stack.ofType("docker:index/image:Image");
    t.is(image?.id, `${url}:t0`);
    t.deepEqual(image?.inputs, {});
    t.is(values.digest, "sha256:a1");
  });
}

test.serial("the stack's own repository stays registered where its image is adopted", async (t) => {
  const { stack } = await made({ ...adopt, repository: own });
  t.is(stack.ofType("aws:ecr/repository:Repository").length, 1);
  t.is(stack.ofType("docker:index/image:Image").length, 0);
});

const carrying = { ...build, settings: { ...settings, modelDelivery: "image" } } as const;

test.serial("a model that goes into the image is written before it is built, and not in a preview", async (t) => {
  const { written, stack } = await made(carrying);
  t.deepEqual(written, ["0: churn 3 .build/model"]);
  t.is(stack.ofType("docker:index/image:Image")[0]?.inputs.build.target, "image");
  t.deepEqual((await made(carrying, { preview: true })).written, []);
});

test.serial("the tag for a model that is trained in the same run comes with the model", async (t) => {
  const { tag: _, ...plan } = carrying;
  const { values, stack } = await made(plan);
  const content = { context: "c", platform: "linux/amd64", modelDelivery: "image" } as const;
  t.is(values.tag, contentTag({ ...content, model: { name: "churn", version: "3", sha256: "aa" } }));
  t.is(stack.ofType("docker:index/image:Image")[0]?.inputs.imageName, `${url}:${values.tag}`);
});

test.serial("that tag isn't known in a preview, where the model isn't", async (t) => {
  const { tag: _, ...plan } = carrying;
  const version = unknown();
  const writeBundle = async () => t.fail("no model to write");
  const model = { name: "churn", version, sha256: version, writeBundle };
  const { values } = await made(plan, { preview: true, model });
  t.like(values, { tag: undefined, reference: undefined });
});

/** A secret as it reaches the engine. */
function secretly(value: object): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

function unknown(): Output<string> {
  return Object.assign(Object.create(Object.getPrototypeOf(output(""))), output(""), {
    isKnown: Promise.resolve(false),
  });
}
