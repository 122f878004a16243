import { join } from "node:path";
import { getProject, getStack, RunError, runtime } from "@pulumi/pulumi";
import type { WantedVersion } from "../mlflow/resolve-version.ts";
import type { TrainingSpec } from "../trainer/training-spec.ts";
import { type EksServing, parseEksServing } from "./config/eks.ts";
import { readConfigSchema, readStackKeys } from "./config/schema.ts";
import { parseService } from "./config/service.ts";
import { ConfigSource } from "./config/source.ts";
import { parseTraining } from "./config/training.ts";
import type { ServiceSettings } from "./service-settings.ts";

/** The stack's settings, validated. Pulumi.yaml describes each. */
export interface PipelineConfig {
  readonly mlflowTrackingUri: string;
  readonly modelVersion: WantedVersion;
  /** Whether `latest` may be trained. */
  readonly trainerTrain: boolean;
  /** Steps that this run alone leaves out. */
  readonly skips: Skips;
  readonly training: TrainingSpec;
  readonly serving: LocalServing | EksServing;
}

/** Steps that a run leaves out: what stands behind them stays as it is. */
export interface Skips {
  /** `latest` is the version that the stack has. */
  readonly train: boolean;
  /** The image is the one that the stack has. */
  readonly build: boolean;
  /** The engine leaves the service as it is. */
  readonly deploy: boolean;
}

/** A supervised server on this machine. */
export interface LocalServing {
  readonly target: "local";
  readonly host: string;
  readonly port: number;
  readonly service: ServiceSettings;
  /** File of bearer tokens, relative to the project; empty opens the service to all. */
  readonly authTokensFile: string;
}

/** Reads the running stack's config. */
export function readConfig(): PipelineConfig {
  const { PIPELINE_SKIP_TRAIN, PIPELINE_SKIP_BUILD, PIPELINE_SKIP_DEPLOY } = process.env;
  const folder = join(import.meta.dirname, "..");
  const prefix = `${getProject()}:`;
  const own = Object.entries(runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return parseConfig(
    new ConfigSource({
      schema: readConfigSchema(join(folder, "Pulumi.yaml")),
      stackKeys: readStackKeys(join(folder, `Pulumi.${getStack()}.yaml`), getProject()),
      values: Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])),
      environment: process.env,
    }),
    { train: PIPELINE_SKIP_TRAIN === "1", build: PIPELINE_SKIP_BUILD === "1", deploy: PIPELINE_SKIP_DEPLOY === "1" },
  );
}

/** @throws RunError that names the key, what was expected and what came. */
export function parseConfig(source: ConfigSource, skips: Skips): PipelineConfig {
  return {
    mlflowTrackingUri: parseTrackingUri(source),
    modelVersion: parseVersion(source),
    trainerTrain: source.boolean("trainerTrain"),
    skips,
    training: parseTraining(source),
    serving: parseServing(source, skips),
  };
}

/** It is kept in the state and shown in previews, which is no place for a password: those come from the environment alone. */
function parseTrackingUri(source: ConfigSource): string {
  const uri = source.match("mlflowTrackingUri", /\S/, "an MLflow server's address or a folder");
  if (!/^https?:\/\/[^/?#]*@/i.test(uri)) return uri;
  throw new RunError(
    "config mlflowTrackingUri (environment MLFLOW_TRACKING_URI): expected an address without user and password, which " +
      "would be kept in the state: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD in the environment instead",
  );
}

function parseVersion(source: ConfigSource): WantedVersion {
  const expected = "latest, a number or an @alias";
  return source.match("modelVersion", /^(latest|[1-9]\d*|@[\w.-]+)$/, expected) as WantedVersion;
}

function parseServing(source: ConfigSource, skips: Skips): LocalServing | EksServing {
  if (source.choice("target", ["local", "eks"]) === "eks") return parseEksServing(source, skips);
  source.requireNone("authTokensSecret", "it is for target eks; target local takes authTokensFile");
  return {
    target: "local",
    host: source.match("host", /^\S+$/, "an address or host name"),
    port: source.integer("port", 1, 65535),
    service: parseService(source),
    authTokensFile: source.string("authTokensFile"),
  };
}
