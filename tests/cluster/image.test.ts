import { execFile } from "node:child_process";
import { appendFile, cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { contextFiles, dockerfile } from "../../components/image/build-context.ts";
import { build, docker, inspect } from "./docker.ts";
import { buildImages, type ServiceImages, token } from "./service-image.ts";

// What is in the image, by a real builder.

const project = join(import.meta.dirname, "../..");
const baseImage = "node:24-bookworm-slim";
let images: ServiceImages;
let arm64Container: string | undefined;

test.before(async () => {
  images = await buildImages("--no-cache");
});

test.after.always(async () => {
  if (arm64Container) await docker("rm", "--force", arm64Container);
  await images?.remove();
});

test.serial("it adds at most 80 MB to its base", async (t) => {
  const sizes = await Promise.all([baseImage, images.registry, images.image].map((id) => inspect<number>(id, ".Size")));
  const [base, ...built] = sizes as [number, number, number];
  for (const [at, size] of built.entries()) {
    t.log(`${["registry", "image"][at]}: ${size} bytes, ${size - base} more than ${baseImage}`);
    t.true(size - base <= 80e6);
  }
});

test.serial("it says how it is run, and nothing that changes from build to build", async (t) => {
  const config = await inspect<Record<string, unknown>>(images.registry, ".Config");
  t.like(config, {
    User: "1000:1000",
    WorkingDir: "/app",
    Entrypoint: ["node"],
    Cmd: ["inference/serve.ts"],
    ExposedPorts: { "8080/tcp": {}, "9090/tcp": {} },
  });
  const labels = Object.keys(config.Labels as object).filter((name) => name.startsWith("org.opencontainers.image."));
  t.deepEqual(labels.map((name) => name.slice("org.opencontainers.image.".length)).sort(), [
    "base.name",
    "description",
    "licenses",
    "title",
  ]);
  t.true((await inspect<string[]>(images.image, ".Config.Env")).includes("MODEL_PATH=/model"));
});

test.serial("it holds the service's files, its packages for one platform, and nothing else", async (t) => {
  const list = "find . -type f -not -path './node_modules/*'; find node_modules -name '*.node'; ls node_modules";
  const found = (await docker("run", "--rm", "--entrypoint=sh", images.registry, "-c", list)).split("\n");
  const files = found.filter((line) => line.startsWith("./")).map((line) => line.slice(2));
  const shipped = contextFiles(project).filter((file) => ![dockerfile, ...locks].includes(file));
  t.deepEqual(files.sort(), [...shipped, "package.json", "package-lock.json", "sbom.cdx.json"].sort());
  const native = found.filter((line) => line.endsWith(".node"));
  t.deepEqual(native, ["node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node"]);
  for (const name of ["@pulumi", "ava", "typescript", "@duckdb"]) t.false(found.includes(name), name);
});
const locks = ["inference/package.json", "inference/package-lock.json"];

test.serial("each of its packages loads, the AWS SDK with the ways in which a pod gets its identity", async (t) => {
  // An agent of EKS Pod Identity by its protocol; AWS itself isn't reached, and that it was asked shows that its client is there.
  const load = `
    import { readFileSync } from "node:fs";
    import { createServer } from "node:http";
    for (const name of Object.keys(JSON.parse(readFileSync("package.json")).dependencies)) await import(name);
    const { S3Client } = await import("@aws-sdk/client-s3");
    const agent = { AccessKeyId: "from the agent", SecretAccessKey: "s", Token: "t", Expiration: "2100-01-01T00:00:00Z" };
    createServer((_, response) => response.end(JSON.stringify(agent))).listen(8099, "127.0.0.1").unref();
    const { credentials } = new S3Client({ region: "eu-north-1" }).config;
    console.log(await credentials().then(({ accessKeyId }) => accessKeyId, ({ message }) => message));`;
  const run = ["run", "--rm", "--read-only", "--network=none", "--entrypoint=node"];
  for (const [env, wanted] of [
    [
      ["AWS_ROLE_ARN=arn:aws:iam::123456789012:role/a", "AWS_WEB_IDENTITY_TOKEN_FILE=/etc/hostname"],
      /sts\..*amazonaws/,
    ],
    [["AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:8099/v1/credentials"], /^from the agent$/],
  ] as const) {
    const variables = env.map((variable) => `--env=${variable}`);
    t.regex(await docker(...run, ...variables, images.registry, "--input-type=module", "--eval", load), wanted);
  }
});

test.serial("no layer of it keeps a secret that the build used or the checkout holds", async (t) => {
  for (const image of [images.registry, images.image]) {
    const count = `docker save ${image} | grep --text --count ${token}`;
    const { stdout } = await promisify(execFile)("sh", ["-c", `${count} || true`]);
    t.is(stdout.trim(), "0");
    t.false((await docker("history", "--no-trunc", image)).includes(token));
  }
});

test.serial("its bill of materials lists its packages, in their versions", async (t) => {
  const text = await docker("run", "--rm", "--entrypoint=cat", images.registry, "sbom.cdx.json");
  const { bomFormat, metadata, components } = JSON.parse(text);
  t.is(bomFormat, "CycloneDX");
  t.is(metadata.component.name, "ml-inference");
  const listed = new Set((components as { name: string; version: string }[]).map((it) => `${it.name}@${it.version}`));
  const wanted = JSON.parse(await docker("run", "--rm", "--entrypoint=cat", images.registry, "package.json"));
  t.true("koa" in wanted.dependencies && "onnxruntime-node" in wanted.dependencies);
  for (const [name, version] of Object.entries(wanted.dependencies)) t.true(listed.has(`${name}@${version}`), name);
});

test.serial("a commit, a README, a test and new times of files change nothing in it", async (t) => {
  await writeFile(join(images.context, ".git/HEAD"), "another commit\n");
  for (const file of ["README.md", "inference/serve.test.ts", "components/image.ts"])
    await appendFile(join(images.context, file), "\n// changed\n");
  const source = join(images.context, "inference/serve.ts");
  await cp(join(project, "inference/serve.ts"), source);
  t.is(await build(images.context), images.registry);
  t.is(await build(images.context, "--target=image"), images.image);
});

test.serial("for arm64 it gets arm64's binaries alone, without emulation", async (t) => {
  const stage = await build(images.context, "--platform=linux/arm64", "--target=dependencies");
  const id = await docker("create", stage);
  arm64Container = id;
  const into = join(images.folder, "arm64");
  await docker("cp", `${id}:/ml-inference/node_modules/onnxruntime-node/bin`, into);
  const { stdout } = await promisify(execFile)("find", [into, "-type", "f", "-printf", "%P\n"]);
  t.deepEqual(stdout.trim().split("\n").sort(), [
    "napi-v6/linux/arm64/libonnxruntime.so.1",
    "napi-v6/linux/arm64/onnxruntime_binding.node",
  ]);
});
