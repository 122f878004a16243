import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import test from "ava";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { requestJson } from "../../inference/request-json.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { S3Artifacts } from "../../mlflow/s3/artifacts.ts";
import { golden, registration } from "./mlflow-forest.ts";
import { type MlflowProcess, startMlflow } from "./mlflow-process.ts";
import { type MotoProcess, startMoto } from "./moto-process.ts";
import { python, run } from "./python.ts";

const bucket = "asgard-models";
const key = { AWS_ACCESS_KEY_ID: "AKIAKEY", AWS_SECRET_ACCESS_KEY: "secret", AWS_REGION: "eu-north-1" };

let folder: string;
let moto: MotoProcess;
let server: MlflowProcess;
let env: Record<string, string>;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "s3-peers-"));
  moto = await startMoto(folder);
  env = { ...key, MLFLOW_S3_ENDPOINT_URL: moto.uri, AWS_ENDPOINT_URL_STS: moto.uri };
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  Object.assign(process.env, env);
  const client = new S3Client({ endpoint: moto.uri, forcePathStyle: true });
  const CreateBucketConfiguration = { LocationConstraint: "eu-north-1" } as const;
  await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
  client.destroy();
  const backend = ["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`];
  const artifacts = ["--default-artifact-root", `s3://${bucket}/mlflow`, "--no-serve-artifacts"];
  server = await startMlflow(["server", "--port", "0", "--workers", "1", ...backend, ...artifacts], folder);
});

test.after.always(async () => {
  await server?.stop();
  await moto?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs one command of mlflow-peer.py and gives what it prints last. */
// biome-ignore lint/suspicious/noExplicitAny: JSON of Python's, asserted part by part
async function peer(...args: string[]): Promise<any> {
  const script = join(import.meta.dirname, "mlflow-peer.py");
  const tracking = { MLFLOW_TRACKING_URI: server.uri };
  const output = await run(await python(), [script, ...args], { env: { ...process.env, ...tracking }, cwd: folder });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}

test.serial("Python loads from S3 what we registered", async (t) => {
  const version = await openStore(server.uri).logAndRegister(registration);
  const seen = await peer("read", version.name, version.version, JSON.stringify(golden));
  const expected = {
    label: golden.predictions,
    probability_0: golden.probabilities.map(([first]) => first),
    probability_1: golden.probabilities.map(([, second]) => second),
  };
  t.deepEqual(seen.onnx, expected);
  t.deepEqual(seen.frame, expected);
});

test.serial("the service downloads and serves what Python's MLflow put into S3", async (t) => {
  const logged = await peer("log", "python_forest");
  const dir = join(folder, "downloaded");
  const store = openStore(server.uri);
  const version = await store.getVersion("python_forest", "1");
  await store.downloadModel(version!, dir);
  t.true((await readdir(dir)).includes("MLmodel"));

  const serving = { MLFLOW_TRACKING_URI: server.uri, MODEL_NAME: "python_forest", MODEL_VERSION: "1" };
  const service = startServe({ ...env, ...serving });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  await service.logged("ready");
  const names = ["a", "b", "c"];
  const inputs = Object.fromEntries(names.map((name, at) => [name, logged.rows.map((row: number[]) => row[at])]));
  const body = { inputs, return_probabilities: true };
  const answer = await requestJson(`http://127.0.0.1:${port}/predict`, { body });
  const { predictions, probabilities } = answer.body as { predictions: number[]; probabilities: number[][] };
  t.deepEqual(predictions, logged.predictions);
  const differences = probabilities.flatMap((row, at) =>
    row.map((value, place) => Math.abs(value - logged.probabilities[at][place])),
  );
  t.true(Math.max(...differences) <= 1e-6);
});

test.serial("more objects than one page of a listing holds are downloaded wholly", async (t) => {
  const artifacts = new S3Artifacts();
  const uri = `s3://${bucket}/many`;
  const names = Array.from({ length: 1050 }, (_, at) => `part-${String(at).padStart(4, "0")}/ä ${at}%.txt`);
  const pending = names.values();
  const write = async () => {
    for (const name of pending) await artifacts.upload(uri, name, name, undefined);
  };
  await Promise.all([write(), write(), write(), write()]);
  const dir = join(folder, "many");
  await artifacts.download(uri, dir);
  t.is((await readdir(dir)).length, names.length);
  for (const name of names) t.is(await readFile(join(dir, name), "utf8"), name);
});

test.serial("a web identity, as IRSA gives a pod, takes on its role at STS and signs with what it got", async (t) => {
  const token = join(folder, "token");
  await writeFile(token, "header.payload.signature");
  t.teardown(() => Object.assign(process.env, key));
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) delete process.env[name];
  const role = "arn:aws:iam::123456789012:role/ml-inference-role";
  const identity = { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: token };
  t.teardown(() => {
    for (const name of Object.keys(identity)) delete process.env[name];
  });
  Object.assign(process.env, identity);
  const record = (action: string) => fetch(`${moto.uri}/moto-api/recorder/${action}`, { method: "POST" });
  await record("start-recording");
  await new S3Artifacts().upload(`s3://${bucket}/irsa`, "MLmodel", "x", undefined);
  await record("stop-recording");
  const recording = await (await fetch(`${moto.uri}/moto-api/recorder/download-recording`)).text();
  const requests = recording
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.is(requests.length, 2);
  const [assume, put] = requests;
  const body = Buffer.from(assume.body, assume.body_encoded ? "base64" : "utf8").toString();
  t.is(new URLSearchParams(body).get("RoleArn"), role);
  t.is(put.method, "PUT");
  t.regex(put.headers.Authorization, /Credential=ASIA\w+\/\d+\/eu-north-1\/s3\//);
});

test.serial("a bucket that isn't there is an error that says so", async (t) => {
  await t.throwsAsync(new S3Artifacts().download("s3://no-such-bucket/models", join(folder, "none")), {
    name: "MlflowError",
    code: "NoSuchBucket",
    message: /cannot list s3:\/\/no-such-bucket\/models: no such bucket/,
  });
});
