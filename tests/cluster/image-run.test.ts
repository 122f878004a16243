import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { tinyArtifact } from "../../inference/fixtures/tiny-classifier.ts";
import { requestJson } from "../../inference/request-json.ts";
import { verifyEndpoint } from "../../inference/verify.ts";
import type { Expectation } from "../../mlflow/expectation.ts";
import { registrationFixture } from "../../mlflow/fixture.ts";
import { sha256Hex } from "../../mlflow/model-folder.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { docker, inspect, runService, type ServiceContainer } from "./docker.ts";
import { buildImages, type ServiceImages } from "./service-image.ts";

// How the image behaves on a real engine.

const { onnx, golden } = tinyArtifact(0.1);
const tiny: Expectation = { modelName: "tiny", modelVersion: "1", sha256: sha256Hex(onnx), golden };
const containers: string[] = [];
let images: ServiceImages;

test.before(async () => {
  images = await buildImages();
});

test.after.always(async () => {
  if (containers.length > 0) await docker("rm", "--force", ...containers);
  await images?.remove();
});

async function start(
  image: string,
  env: Record<string, string> = {},
  ...command: readonly string[]
): Promise<ServiceContainer> {
  const container = await runService(image, env, ...command);
  containers.push(container.id);
  return container;
}

test.serial(
  "locked in as user 1000 it serves the model that it carries, becomes healthy, and drains at SIGTERM",
  async (t) => {
    const service = await start(images.image, { MODEL_NAME: "tiny", ORT_DISABLE_TELEMETRY: "" });
    const { time } = await service.logged("ready");
    const started = await inspect<string>(service.id, ".State.StartedAt");
    t.log(`ready ${Date.parse(time as string) - Date.parse(started)} ms after the container started`);
    t.is(await docker("exec", service.id, "id", "-u"), "1000");
    const endpoint = await service.endpoint();
    await verifyEndpoint(endpoint, tiny);
    const { status, body } = await requestJson(`${endpoint}/predict`, {
      body: { inputs: { age: [2], income: [1.5], score: [0.25] }, return_probabilities: true },
    });
    t.is(status, 200);
    t.like(body, { predictions: [1], model_version: "1" });

    let health = "";
    while (health !== "healthy") {
      health = await inspect<string>(service.id, ".State.Health.Status");
      t.not(health, "unhealthy");
    }
    await docker("kill", "--signal=TERM", service.id);
    t.is(await service.ended(), 0);
    const lines = (await promisify(execFile)("sh", ["-c", `docker logs ${service.id} 2>&1`])).stdout.trim().split("\n");
    t.true(
      lines.every((line) => line.startsWith("{")),
      lines.join("\n"),
    );
    t.is(JSON.parse(lines.at(-1)!).msg, "drained");
  },
);

test.serial("started as SageMaker does, it answers what SageMaker asks of a container", async (t) => {
  const service = await start(images.image, { MODEL_NAME: "tiny" }, "serve");
  await service.logged("ready");
  const endpoint = await service.endpoint();
  t.is((await requestJson(`${endpoint}/ping`)).status, 200);
  const answer = await fetch(`${endpoint}/invocations`, {
    method: "POST",
    headers: { "content-type": "text/csv", accept: "application/json" },
    body: "age,income,score\n2,1.5,0.25\n",
  });
  t.like(await answer.json(), { predictions: [{ label: 1 }] });
});

test.serial("it serves a version of a real MLflow, and proves it to a job of the same image", async (t) => {
  const { MLFLOW_TRACKING_URI: uri } = process.env;
  if (!uri) throw new Error("expected MLFLOW_TRACKING_URI of a server that containers reach, see README");
  const model = `tiny_image_${Date.now()}`;
  const { version } = await openStore(uri).logAndRegister(registrationFixture({ model, artifact: tinyArtifact(0.1) }));
  const service = await start(images.registry, { MLFLOW_TRACKING_URI: uri, MODEL_NAME: model, MODEL_VERSION: version });
  await service.logged("ready");
  const file = join(images.folder, "expectation.json");
  await writeFile(file, JSON.stringify({ ...tiny, modelName: model, modelVersion: version }), { mode: 0o644 });
  const job = [
    "run",
    "--rm",
    "--read-only",
    `--network=container:${service.id}`,
    `--volume=${file}:/etc/wanted.json:ro`,
  ];
  const env = [
    "--env=VERIFY_HOST=127.0.0.1",
    "--env=VERIFY_SECONDS=5",
    "--env=MODEL_EXPECTATION_FILE=/etc/wanted.json",
  ];
  const said = await docker(...job, ...env, images.registry, "inference/verify-pods.ts");
  t.is(said, `1 serve version 1 of ${model}, proven by sha256 ${tiny.sha256} and 4 golden rows`);
});

test.serial("SIGTERM before it is ready ends it with 0", async (t) => {
  // Nobody answers there (RFC 5737).
  const service = await start(images.registry, { MLFLOW_TRACKING_URI: "http://192.0.2.1:5000" });
  await service.logged("listening");
  await docker("kill", "--signal=TERM", service.id);
  t.is(await service.ended(), 0);
});
