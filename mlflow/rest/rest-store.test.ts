import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { registrationFixture } from "../fixture.ts";
import { endings, made, type Override, open, serve } from "./mlflow-script.ts";
import { sendJson } from "./scripted-server.ts";

const registration = registrationFixture();

test("a registration uploads every file, and creates the version last, with its tags", async (t) => {
  const server = await serve(t);
  t.like(await open(server).logAndRegister(registration), { version: "3", runId: "r1" });
  const uploaded = server.requests.filter(({ method }) => method === "PUT").map(({ url }) => url.split("/").at(-1));
  t.deepEqual(uploaded.sort(), [
    "MLmodel",
    "baseline.json",
    "conda.yaml",
    "golden_sample.json",
    "input_example.json",
    "model.onnx",
    "python_env.yaml",
    "requirements.txt",
    "serving_input_example.json",
  ]);
  const last = server.requests.at(-1);
  t.regex(last?.url ?? "", /model-versions\/create$/);
  const { tags, source, model_id: modelId } = JSON.parse(last?.body ?? "");
  t.deepEqual([source, modelId], ["models:/m-1", "m-1"]);
  t.deepEqual(tags.map(({ key }: { key: string }) => key).sort(), [
    "golden_sha256",
    "model_sha256",
    "training_fingerprint",
  ]);
  t.deepEqual(endings(server), ["LOGGED_MODEL_READY", "FINISHED"]);
});

test("many params go in several requests", async (t) => {
  const server = await serve(t);
  const params = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`p${index}`, index]));
  await open(server).logAndRegister({ ...registration, params });
  const batches = server.requests
    .filter(({ url }) => url.endsWith("runs/log-batch"))
    .map(({ body }) => JSON.parse(body).params?.length);
  t.deepEqual(batches.filter(Boolean), [100, 100, 50]);
});

test("versions come from all pages, READY ones alone, highest first, with their aliases", async (t) => {
  const server = await serve(t, {
    "model-versions/search": ({ url }, response) => {
      const second = url.includes("page_token=next");
      const page = second
        ? {
            model_versions: [
              { ...made, version: "10" },
              { ...made, version: "11", status: "PENDING_REGISTRATION" },
            ],
          }
        : { model_versions: [made], next_page_token: "next" };
      sendJson(response, page);
    },
  });
  const versions = await open(server).listVersions(registration.model);
  t.deepEqual(
    versions.map(({ version, aliases }) => [version, aliases]),
    [
      ["10", []],
      ["3", ["champion"]],
    ],
  );
});

test("a download takes folders too; a file name that leads out of it is refused, and leaves nothing", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "rest-store-"));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  let files: Record<string, { path: string; is_dir: boolean; file_size?: number }[]> = {};
  const file: Override = (_, response) => void response.end("flavors: {}");
  const root = "1/models/m-1/artifacts";
  const server = await serve(t, {
    "mlflow-artifacts/artifacts": ({ url }, response) =>
      sendJson(response, { files: files[new URL(url, "http://x").searchParams.get("path") ?? ""] }),
    [`mlflow-artifacts/artifacts/${root}/MLmodel`]: file,
    [`mlflow-artifacts/artifacts/${root}/data/model.onnx`]: file,
  });
  const store = open(server);
  const version = (await store.listVersions(registration.model))[0]!;
  files = {
    [root]: [
      { path: "MLmodel", is_dir: false, file_size: 11 },
      { path: "data", is_dir: true },
    ],
    [`${root}/data`]: [{ path: "data/model.onnx", is_dir: false }],
  };
  await store.downloadModel(version, join(dir, "model"));
  t.deepEqual((await readdir(join(dir, "model"), { recursive: true })).sort(), [
    "MLmodel",
    "data",
    join("data", "model.onnx"),
  ]);
  files = {
    [root]: [
      { path: "MLmodel", is_dir: false },
      { path: "..", is_dir: true },
    ],
  };
  await t.throwsAsync(store.downloadModel(version, join(dir, "other")), {
    message: /expected a file name in .*artifacts, got "\.\."/,
  });
  t.deepEqual(await readdir(dir), ["model"]);
});

test("a file that comes shorter than it is listed is an error, though the answer ended as if it were whole", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "rest-store-"));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const root = "1/models/m-1/artifacts";
  const server = await serve(t, {
    "mlflow-artifacts/artifacts": (_, response) =>
      sendJson(response, { files: [{ path: "model.onnx", is_dir: false, file_size: 1000 }] }),
    [`mlflow-artifacts/artifacts/${root}/model.onnx`]: (_, response) => void response.end("half"),
  });
  const store = open(server);
  const version = (await store.listVersions(registration.model))[0]!;
  await t.throwsAsync(store.downloadModel(version, join(dir, "model")), {
    code: "INCOMPLETE_DOWNLOAD",
    message: /model\.onnx: expected 1000 bytes as listed, got 4$/,
  });
  t.deepEqual(await readdir(dir), []);
});
