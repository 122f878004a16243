import { join } from "node:path";
import { getProject, getStack, RunError, runtime } from "@pulumi/pulumi";
import type { WantedVersion } from "../mlflow/resolve-version.ts";
import type { TrainingSpec } from "../trainer/training-spec.ts";
import { readConfigSchema, readStackKeys } from "./config/schema.ts";
import { ConfigSource } from "./config/source.ts";

/** The stack's settings, validated. Pulumi.yaml describes each. */
export interface PipelineConfig {
  readonly mlflowTrackingUri: string;
  readonly modelVersion: WantedVersion;
  /** Whether `latest` may be trained. */
  readonly trainerTrain: boolean;
  /** For this run alone, `latest` is the version that the stack has. */
  readonly skipTrain: boolean;
  /** For this run alone, the engine leaves the service as it is. */
  readonly skipDeploy: boolean;
  readonly training: TrainingSpec;
  readonly serving: { readonly target: "local"; readonly host: string; readonly port: number };
}

/** Reads the running stack's config. */
export function readConfig(): PipelineConfig {
  const { PIPELINE_SKIP_TRAIN, PIPELINE_SKIP_DEPLOY } = process.env;
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
    { skipTrain: PIPELINE_SKIP_TRAIN === "1", skipDeploy: PIPELINE_SKIP_DEPLOY === "1" },
  );
}

/**
 * @param skips The steps that this run skips.
 * @throws RunError that names the key, what was expected and what came.
 */
export function parseConfig(
  source: ConfigSource,
  skips: Pick<PipelineConfig, "skipTrain" | "skipDeploy">,
): PipelineConfig {
  return {
    mlflowTrackingUri: parseTrackingUri(source),
    modelVersion: parseVersion(source),
    trainerTrain: source.boolean("trainerTrain"),
    ...skips,
    training: parseTraining(source),
    serving: {
      target: parseTarget(source),
      host: source.match("host", /^\S+$/, "an address or host name"),
      port: source.integer("port", 1, 65535),
    },
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

function parseTraining(source: ConfigSource): TrainingSpec {
  const day = /^(\d{4}-\d{2}-\d{2})?$/;
  const trainBefore = source.match("trainBefore", day, "a day as YYYY-MM-DD");
  const testFrom = source.match("testFrom", day, "a day as YYYY-MM-DD");
  const maxDepth = source.integer("maxDepth", 0, 1000);
  const maxFeatures = source.match("maxFeatures", /^(sqrt|log2|all|[1-9]\d*|0?\.\d+)$/, "sqrt, log2, all or a number");
  return {
    repository: source.match("feastRepoPath", /\S/, "the folder of a Feast repository"),
    ...parseSelection(source),
    entities: source.match("entities", /\S/, "a Parquet or CSV file"),
    label: source.match("labelColumn", /\S/, "a column's name"),
    labelHorizonDays: source.integer("labelHorizonDays", 0, 36500),
    ...(trainBefore && { trainBefore }),
    ...(testFrom && { testFrom }),
    forest: {
      treeLearner: source.choice("treeLearner", ["histogram", "cart"]),
      nEstimators: source.integer("nEstimators", 1, 10_000),
      maxDepth: maxDepth === 0 ? null : maxDepth,
      maxFeatures: parseMaxFeatures(maxFeatures),
      minSamplesLeaf: source.integer("minSamplesLeaf", 1, 1_000_000),
      minSamplesSplit: source.integer("minSamplesSplit", 2, 1_000_000),
      maxBins: source.integer("maxBins", 2, 255),
      bootstrap: source.boolean("bootstrap"),
      randomState: source.integer("randomState", 0, 2 ** 32 - 1),
    },
    experiment: source.match("experimentName", /\S/, "an experiment's name"),
    model: source.match("modelName", /^[^/:]+$/, "a model's name, without / and :"),
  };
}

function parseSelection(source: ConfigSource): Pick<TrainingSpec, "service" | "features"> {
  const features = source.string("features");
  if (features) return { features: features.split(",").map((feature) => feature.trim()) };
  const service = source.string("featureService");
  if (service) return { service };
  throw new RunError("config featureService: expected a FeatureService's name, or features set, got neither");
}

function parseMaxFeatures(text: string): "sqrt" | "log2" | number | null {
  if (text === "sqrt" || text === "log2") return text;
  return text === "all" ? null : Number(text);
}

function parseVersion(source: ConfigSource): WantedVersion {
  const expected = "latest, a number or an @alias";
  return source.match("modelVersion", /^(latest|[1-9]\d*|@[\w.-]+)$/, expected) as WantedVersion;
}

function parseTarget(source: ConfigSource): "local" {
  return source.choice("target", ["local"]);
}
