import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { contentTag, contextDigest, contextFiles } from "./build-context.ts";

const files = {
  ".dockerignore": "*\n!inference\n!mlflow\n!.build/model\ninference/Dockerfile\n**/*.test.ts\n",
  "README.md": "read me",
  "inference/Dockerfile": "FROM scratch",
  "inference/serve.ts": "serve",
  "inference/serve.test.ts": "test",
  "mlflow/store.ts": "store",
  "trainer/train.ts": "train",
};

async function project(
  t: ExecutionContext,
): Promise<{ folder: string; write: (file: string, text: string) => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "context-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  for (const [file, text] of Object.entries(files)) await write(file, text);
  return { folder, write };
}

test("the context is what .dockerignore lets through, and the Dockerfile whether it does or not", async (t) => {
  const { folder } = await project(t);
  t.deepEqual(contextFiles(folder), ["inference/Dockerfile", "inference/serve.ts", "mlflow/store.ts"]);
});

test("what isn't in the image doesn't change its digest, and where a checkout lies, its times and modes don't", async (t) => {
  const { folder, write } = await project(t);
  const digest = contextDigest(folder);
  await write("README.md", "changed");
  await write("trainer/new.ts", "new");
  await write("inference/new.test.ts", "new");
  await write(".build/model/version.json", "{}");
  await chmod(join(folder, "inference/serve.ts"), 0o755);
  await utimes(join(folder, "inference/serve.ts"), 1, 1);
  t.is(contextDigest(folder), digest);
  t.is(contextDigest((await project(t)).folder), digest);
});

for (const [file, text] of [
  ["inference/serve.ts", "changed"],
  ["inference/Dockerfile", "FROM other"],
  ["mlflow/new.ts", ""],
] as const)
  test(`${file} with other content is another image`, async (t) => {
    const { folder, write } = await project(t);
    const digest = contextDigest(folder);
    await write(file, text);
    t.not(contextDigest(folder), digest);
  });

test("a renamed file is another image", async (t) => {
  const { folder, write } = await project(t);
  const digest = contextDigest(folder);
  await rm(join(folder, "mlflow/store.ts"));
  await write("mlflow/stores.ts", "store");
  t.not(contextDigest(folder), digest);
});

test("each part of the content makes another tag, 16 hex digits long", (t) => {
  const model = { name: "churn", version: "1", sha256: "aa" };
  const base = { context: "c", platform: "linux/amd64", modelDelivery: "image", model } as const;
  const tags = [
    base,
    { ...base, context: "d" },
    { ...base, platform: "linux/arm64" },
    { ...base, modelDelivery: "registry" },
    { ...base, model: { ...model, name: "other" } },
    { ...base, model: { ...model, version: "2" } },
    { ...base, model: { ...model, sha256: "bb" } },
    { ...base, model: { name: "churn", version: "1" } },
  ].map((content) => contentTag(content as typeof base));
  t.is(new Set(tags).size, tags.length);
  t.true(tags.every((tag) => /^[0-9a-f]{16}$/.test(tag)));
  t.is(contentTag({ ...base }), tags[0]!);
});
