import { readConfig } from "./components/config.ts";
import { InferenceService } from "./components/inference-service.ts";
import { assertServable } from "./components/local/preflight.ts";
import { planModel } from "./components/model/plan.ts";
import { Trainer } from "./components/trainer.ts";

const config = readConfig();
if (!config.skipDeploy) await assertServable(config.serving);

const trainer = new Trainer("trainer", { plan: await planModel(config) });

const service = new InferenceService("inference", {
  modelName: trainer.modelName,
  modelVersion: trainer.modelVersion,
  sha256: trainer.sha256,
  goldenSample: trainer.goldenSample,
  mlflowTrackingUri: config.mlflowTrackingUri,
  ...config.serving,
});

export const { modelName, modelVersion, runId, sha256, metrics } = trainer;
export const { endpoint } = service;
