import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { ForestParams } from "../forest/forest-params.ts";
import type { TrainingSpec } from "../training-spec.ts";

/** What `npm run train` is told. */
export interface TrainCommand {
  readonly help: boolean;
  readonly trackingUri: string;
  /** What it leaves out is the sample's. */
  readonly spec: Partial<TrainingSpec>;
}

/** A command line that can't be understood. */
export class UsageError extends Error {}

export const trainHelp = `Trains the model from Feast features and registers it in MLflow; what is trained already is found, not trained again.

  npm run train -- [options]

Data (default: the sample)
  --repo DIR               Feast repository; environment FEAST_REPO_PATH; default trainer/sample
  --service NAME           FeatureService with the model's features; default churn_features
  --features VIEW:FEATURE,…  features, instead of --service
  --entities FILE          Parquet or CSV with join keys, event_timestamp and label; default data/churn_labels.parquet in DIR
  --label COLUMN           column of FILE to predict, integers; default churned
  --horizon DAYS           days after event_timestamp that the label looks into; default 90
  --train-before TIME      train on rows before it (YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, UTC); default: as late as the horizon allows
  --test-from TIME         test on rows from it on; default: the last fifth of the days, for the sample's entities 1998-03-15

Hyperparameters, in scikit-learn's terms
  --n-estimators N         trees; default 100
  --max-depth N|none       default 10
  --max-features sqrt|log2|all|N|SHARE   features drawn at each node; default sqrt
  --min-samples-leaf N     default 1
  --min-samples-split N    default 2
  --no-bootstrap           each tree learns from all rows as they are
  --random-state N         seed; default 0
  --tree-learner histogram|cart   histogram: any number of rows; cart: ml-cart, small data; default histogram
  --max-bins N             bins a feature of the histogram learner; default 255

Registry
  --experiment NAME        environment EXPERIMENT_NAME; default feast_ml_deployment
  --model NAME             environment MODEL_NAME; default churn_predictor_feast
  --tracking-uri URI       MLflow server (http://…) or file store folder; environment MLFLOW_TRACKING_URI; default mlruns

  --help

Progress goes to stderr; one line of JSON to stdout: model, version, runId, sha256, metrics, reused.
Exit codes: 0 trained or found, 1 failed, 2 wrong usage, 130 interrupted (nothing is registered).`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const options = {
  repo: text,
  service: text,
  features: text,
  entities: text,
  label: text,
  horizon: text,
  "train-before": text,
  "test-from": text,
  "n-estimators": text,
  "max-depth": text,
  "max-features": text,
  "min-samples-leaf": text,
  "min-samples-split": text,
  "no-bootstrap": flag,
  "random-state": text,
  "tree-learner": text,
  "max-bins": text,
  experiment: text,
  model: text,
  "tracking-uri": text,
  help: flag,
} as const;

type Flags = {
  readonly [Name in keyof typeof options]?: (typeof options)[Name] extends typeof flag ? boolean : string;
};

/**
 * Reads the command line; flags beat the environment. Paths are relative to the folder where the command was typed.
 *
 * @throws UsageError that names the flag.
 */
export function parseTrainOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): TrainCommand {
  const flags = parseFlags(args);
  const { repo, service, features, entities, label, experiment, model } = flags;
  // npm runs a script in the package's folder, and says here where it was called
  const base = (environment.npm_lifecycle_event === "train" && environment.INIT_CWD) || process.cwd();
  const path = (given: string | undefined) => (given === undefined ? undefined : resolve(base, given));
  const uri = flags["tracking-uri"];
  const spec = {
    repository: path(repo ?? nonEmpty(environment.FEAST_REPO_PATH)),
    service,
    features: features?.split(",").map((feature) => feature.trim()),
    entities: path(entities),
    label,
    labelHorizonDays: number(flags, "horizon"),
    trainBefore: flags["train-before"],
    testFrom: flags["test-from"],
    forest: hyperparameters(flags),
    experiment: experiment ?? nonEmpty(environment.EXPERIMENT_NAME),
    model: model ?? nonEmpty(environment.MODEL_NAME),
  };
  return {
    help: flags.help ?? false,
    trackingUri: (uri?.includes(":") ? uri : path(uri)) ?? nonEmpty(environment.MLFLOW_TRACKING_URI) ?? "mlruns",
    spec: withoutUndefined(spec),
  };
}

function parseFlags(args: readonly string[]): Flags {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

function hyperparameters(flags: Flags): Partial<ForestParams> {
  const { "tree-learner": treeLearner, "max-features": maxFeatures, "max-depth": maxDepth } = flags;
  if (treeLearner !== undefined && treeLearner !== "histogram" && treeLearner !== "cart")
    throw new UsageError(`--tree-learner: expected histogram or cart, got ${treeLearner}`);
  return withoutUndefined({
    nEstimators: number(flags, "n-estimators"),
    maxDepth: maxDepth === "none" ? null : number(flags, "max-depth"),
    maxFeatures:
      maxFeatures === "all"
        ? null
        : maxFeatures === "sqrt" || maxFeatures === "log2"
          ? maxFeatures
          : number(flags, "max-features"),
    minSamplesLeaf: number(flags, "min-samples-leaf"),
    minSamplesSplit: number(flags, "min-samples-split"),
    bootstrap: flags["no-bootstrap"] ? false : undefined,
    randomState: number(flags, "random-state"),
    treeLearner,
    maxBins: number(flags, "max-bins"),
  });
}

function number(flags: Flags, name: keyof Flags): number | undefined {
  const value = flags[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !/^-?\d+(\.\d+)?$/.test(value))
    throw new UsageError(`--${name}: expected a number, got "${value}"`);
  return Number(value);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as never;
}
