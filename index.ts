import { announceChanges } from "./components/announce-changes.ts";
import { readConfig } from "./components/config.ts";
import { planImage } from "./components/image/plan.ts";
import { modelWriter } from "./components/image/write-model.ts";
import { InferenceService } from "./components/inference-service.ts";
import { planModel } from "./components/model/plan.ts";
import { prepareTarget } from "./components/target.ts";
import { Trainer } from "./components/trainer.ts";

const config = readConfig();
const target = await prepareTarget(config);
const plan = await planModel({ ...config, access: target.access });
const imagePlan = target.image && (await planImage(target.image, plan, { provider: target.provider }));
await announceChanges(target.target, plan, imagePlan);

const trainer = new Trainer("trainer", { plan });

const { modelName: name, modelVersion: version, sha256: digest } = trainer;
const carried = { name, version, sha256: digest, writeBundle: modelWriter(plan) };
const image =
  imagePlan &&
  target.provider &&
  // Only here: a stack that serves on this machine doesn't wait for the SDKs of AWS and Docker to load.
  new (await import("./components/image.ts")).Image(
    "image",
    { plan: imagePlan, model: carried, protect: true },
    { provider: target.provider },
  );

const service = new InferenceService("inference", {
  modelName: trainer.modelName,
  modelVersion: trainer.modelVersion,
  sha256: trainer.sha256,
  goldenSample: trainer.goldenSample,
  mlflowTrackingUri: config.mlflowTrackingUri,
  target,
  image: image?.reference,
});

export const { modelName, modelVersion, runId, sha256, metrics } = trainer;
export const { endpoint } = service;
