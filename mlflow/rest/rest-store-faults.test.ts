import test from "ava";
import { registrationFixture } from "../fixture.ts";
import { answers, endings, type Override, open, serve } from "./mlflow-script.ts";
import { sendJson } from "./scripted-server.ts";

const registration = registrationFixture();

test("an upload that fails leaves its run FAILED and no version", async (t) => {
  const server = await serve(t, {
    "mlflow-artifacts/artifacts/1/models/m-1/artifacts/model.onnx": (_, response) =>
      response.writeHead(507).end("disk full"),
  });
  await t.throwsAsync(open(server).logAndRegister(registration), {
    message: /PUT .*model\.onnx: answered 507 "disk full"/,
  });
  t.deepEqual(endings(server), ["LOGGED_MODEL_UPLOAD_FAILED", "FAILED"]);
  t.false(server.requests.some(({ url }) => url.endsWith("model-versions/create")));
});

test("a registration that is called off leaves its run KILLED and no version", async (t) => {
  const controller = new AbortController();
  const server = await serve(t, {
    "runs/log-inputs": (_, response) => {
      controller.abort();
      sendJson(response, {});
    },
  });
  await t.throwsAsync(open(server).logAndRegister(registration, controller.signal), { name: "AbortError" });
  t.deepEqual(endings(server), ["KILLED"]);
  t.false(server.requests.some(({ url }) => url.endsWith("model-versions/create")));
});

for (const [what, failure] of Object.entries<Override>({
  "is lost": (_, response) => response.destroy(),
  "is cut off": (_, response) => void response.writeHead(200).end('{"model_version": {"name"'),
  "is a 502 of a proxy": (_, response) => void response.writeHead(502).end("<html>"),
}))
  test(`a version whose answer ${what} is found by its source, and not created twice`, async (t) => {
    const server = await serve(t, { "model-versions/create": failure });
    t.like(await open(server).logAndRegister(registration), { version: "3" });
    t.is(server.requests.filter(({ url }) => url.endsWith("model-versions/create")).length, 1);
    t.false(endings(server).includes("FAILED"));
  });

test("a version that wasn't created is an error, and its run FAILED", async (t) => {
  const server = await serve(t, {
    "model-versions/create": (_, response) =>
      sendJson(response, { error_code: "INTERNAL_ERROR", message: "boom" }, 500),
    "model-versions/search": (_, response) => sendJson(response, {}),
  });
  await t.throwsAsync(open(server).logAndRegister(registration), {
    code: "INTERNAL_ERROR",
    message: /model-versions\/create: boom/,
  });
  t.deepEqual(endings(server), ["LOGGED_MODEL_READY", "FINISHED", "FAILED"]);
});

test("a model that is there already is no error; an experiment that another made meanwhile neither", async (t) => {
  let asked = 0;
  const exists: Override = (_, response) =>
    sendJson(response, { error_code: "RESOURCE_ALREADY_EXISTS", message: "exists" }, 400);
  const server = await serve(t, {
    "registered-models/create": exists,
    "experiments/create": exists,
    "experiments/get-by-name": (_, response) => {
      if (++asked > 1) sendJson(response, answers["experiments/get-by-name"]);
      else sendJson(response, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "none" }, 404);
    },
  });
  t.like(await open(server).logAndRegister(registration), { version: "3" });
});

test("a deleted experiment is an error that says how to go on", async (t) => {
  const deleted = { experiment: { experiment_id: "7", lifecycle_stage: "deleted" } };
  const server = await serve(t, { "experiments/get-by-name": (_, response) => sendJson(response, deleted) });
  await t.throwsAsync(open(server).logAndRegister(registration), {
    message: /is deleted: restore it with "mlflow experiments restore -x 7"/,
  });
});

test("artifacts out of the proxy's reach are an error that says what to do", async (t) => {
  const elsewhere = { model: { info: { model_id: "m-1", artifact_uri: "gs://bucket/1" } } };
  const server = await serve(t, { "logged-models": (_, response) => sendJson(response, elsewhere) });
  await t.throwsAsync(open(server).logAndRegister(registration), {
    message: /keeps artifacts at gs:\/\/bucket\/1, out of its proxy's reach: start it with --serve-artifacts/,
  });
  t.deepEqual(endings(server), ["LOGGED_MODEL_UPLOAD_FAILED", "FAILED"]);
});
