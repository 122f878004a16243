import * as pulumi from "@pulumi/pulumi";
import { Server, Trainer, Verification } from "./resources.ts";

// The pipeline's shape without its work: what deploy() is tested with where the model doesn't matter.
const config = new pulumi.Config();
const failure = config.require("failure");
if (failure === "program") throw new pulumi.RunError("config failure: expected nothing, got program");

const args = { labels: config.require("labels"), trees: config.requireNumber("trees"), failure };
const trainer = new Trainer(args, { protect: config.requireBoolean("protect") });
const parent = new pulumi.ComponentResource("pipeline:serving:InferenceService", "inference");
const server = new Server({ modelVersion: trainer.version }, { parent });
new Verification({ modelVersion: server.modelVersion }, { parent });

export const modelName = "toy";
export const modelVersion = trainer.version;
export const runId = "run";
export const sha256 = trainer.version.apply((version) => `sha of ${version}`);
export const metrics = { roc_auc: 0.8 };
export const endpoint = server.endpoint;
