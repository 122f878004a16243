import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { openS3, refuse, type S3Answer, serveS3 } from "./s3-script.ts";

const uri = "s3://bucket/1/models/m-1/artifacts";
const at = (name: string) => `1/models/m-1/artifacts/${name}`;
const objects = { [at("MLmodel")]: "flavors", [at("code/run.py")]: "pass", [at("model.onnx")]: "onnx" };

test.before(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "hidden" });
});

async function folder(t: ExecutionContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "s3-"));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test("a folder is downloaded with its folders; what only shows a folder in consoles is passed over", async (t) => {
  const server = await serveS3(t, { ...objects, [at("")]: "", [at("code/")]: "", "1/models/m-10/artifacts/x": "" });
  const dir = await folder(t);
  await openS3(server).download(uri, dir);
  t.deepEqual((await readdir(dir, { recursive: true })).sort(), ["MLmodel", "code", "code/run.py", "model.onnx"]);
  t.is(await readFile(join(dir, "code", "run.py"), "utf8"), "pass");
});

test("a file is written below the artifact's key, with the ambient key's signature", async (t) => {
  const server = await serveS3(t, {});
  await openS3(server).upload(uri, "golden sample.json", "{}", undefined);
  const [put] = server.requests;
  t.like(put, { method: "PUT", body: "{}" });
  t.regex(put!.url, /^\/bucket\/1\/models\/m-1\/artifacts\/golden%20sample\.json/);
  t.regex(put!.authorization!, /Credential=AKIATEST\/\d+\/us-east-1\/s3/);
});

for (const [variable, region] of [
  ["AWS_REGION", "eu-north-1"],
  ["AWS_DEFAULT_REGION", "eu-west-1"],
] as const)
  test(`${variable} is the region`, async (t) => {
    const server = await serveS3(t, objects);
    await openS3(server, { [variable]: region }).download(uri, await folder(t));
    t.true(server.requests.every(({ authorization }) => authorization!.includes(`/${region}/s3/`)));
  });

for (const key of [at("../../escape"), at("a//b"), at("a\\b"), at("./a")])
  test(`a key that leads out of the folder is refused: ${key}`, async (t) => {
    const server = await serveS3(t, { [at("MLmodel")]: "", [key]: "evil" });
    const dir = await folder(t);
    await t.throwsAsync(openS3(server).download(uri, dir), {
      message: /expected a file name in s3:\/\/bucket\/.*artifacts, got/,
    });
    t.deepEqual(await readdir(dir), []);
  });

const hangs: S3Answer = () => {};
const breaksOff: S3Answer = (_, response) => {
  response.writeHead(200, { "content-length": "100" }).write("on");
  setTimeout(() => response.destroy(), 10);
};
const stalls: S3Answer = (_, response) => void response.writeHead(200, { "content-length": "100" }).write("on");

test("what fails once is asked for again: a 500, and content that breaks off", async (t) => {
  let asked = 0;
  const server = await serveS3(t, objects, {
    [at("model.onnx")]: (request, response) => {
      asked++;
      if (asked === 1) refuse(500, "InternalError", "again")(request, response);
      else if (asked === 2) breaksOff(request, response);
      else response.end("onnx");
    },
  });
  const dir = await folder(t);
  await openS3(server).download(uri, dir);
  t.is(asked, 3);
  t.is(await readFile(join(dir, "model.onnx"), "utf8"), "onnx");
});

const failures: Record<string, [string, S3Answer, RegExp]> = {
  "a 403 of the listing": [
    "list",
    refuse(403, "AccessDenied", "Access Denied"),
    /cannot list s3:\/\/bucket\/1\/models\/m-1\/artifacts: the key in AWS_ACCESS_KEY_ID may not .*allow s3:ListBucket on arn:aws:s3:::bucket for the prefix 1\/models/,
  ],
  "a 403 of an object": [
    at("model.onnx"),
    refuse(403, "AccessDenied", "Access Denied"),
    /cannot read s3:\/\/bucket\/.*model\.onnx: .* allow s3:GetObject on arn:aws:s3:::bucket\/1\/models\/m-1\/artifacts\/\*/,
  ],
  "a bucket that isn't there": ["list", refuse(404, "NoSuchBucket", "none"), /no such bucket at http:.*make it/],
  "an object that went": [at("MLmodel"), refuse(404, "NoSuchKey", "gone"), /MLmodel: the object is gone/],
  "another region": [
    "list",
    refuse(400, "AuthorizationHeaderMalformed", "expecting 'eu-west-1'"),
    /another region than the profile's .*expecting 'eu-west-1'.*set AWS_REGION/,
  ],
  "credentials that ran out": ["list", refuse(400, "ExpiredToken", "expired"), /are refused .*renew them/],
  "a 500 that stays": ["list", refuse(500, "InternalError", "sorry"), /answered 500 InternalError: sorry/],
  "no answer": ["list", hangs, /no answer in time/],
  "content that breaks off each time": [at("model.onnx"), breaksOff, /cannot read s3:.*model\.onnx: .*aborted/],
  "content that stalls": [at("model.onnx"), stalls, /cannot read s3:.*model\.onnx: no answer in time/],
};

for (const [what, [key, answer, message]] of Object.entries(failures))
  test(`${what} is an error that says what to do`, async (t) => {
    const server = await serveS3(t, objects, { [key]: answer });
    const repository = openS3(server, { AWS_ACCESS_KEY_ID: "AKIATEST" });
    const error = await t.throwsAsync(repository.download(uri, await folder(t)), { name: "MlflowError", message });
    t.false(error?.message.includes("hidden"));
  });

test("a folder without objects is an error", async (t) => {
  const server = await serveS3(t, {});
  await t.throwsAsync(openS3(server).download(uri, await folder(t)), { message: /expected the files of an artifact/ });
});

test("nobody at the address is an error that names the variable", async (t) => {
  const server = await serveS3(t, {});
  await server.close();
  await t.throwsAsync(openS3(server).download(uri, await folder(t)), {
    message: /cannot reach S3 at http.*ECONNREFUSED.*is MLFLOW_S3_ENDPOINT_URL its address\?/,
  });
});

test("an upload that is called off ends with the signal's reason", async (t) => {
  const controller = new AbortController();
  const server = await serveS3(t, {}, { [at("MLmodel")]: () => controller.abort(new Error("enough")) });
  await t.throwsAsync(openS3(server).upload(uri, "MLmodel", "x", controller.signal), { message: "enough" });
});

test("a URI without a bucket is refused", async (t) => {
  await t.throwsAsync(openS3({ uri: "http://127.0.0.1:1" }).download("s3:///models", "none"), {
    message: /expected an artifact URI such as s3:\/\/bucket\/prefix, got "s3:\/\/\/models"/,
  });
});
