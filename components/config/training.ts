import { RunError } from "@pulumi/pulumi";
import type { TrainingSpec } from "../../trainer/training-spec.ts";
import type { ConfigSource } from "./source.ts";

/** How the stack trains. @throws RunError that names the key, what was expected and what came. */
export function parseTraining(source: ConfigSource): TrainingSpec {
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
