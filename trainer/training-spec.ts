import { isAbsolute, join, resolve } from "node:path";
import { checkModelName } from "../mlflow/names.ts";
import type { ForestParams } from "./forest/forest-params.ts";
import { RandomForestClassifier } from "./forest/random-forest-classifier.ts";
import { parseUtcTime } from "./utc-time.ts";

/** What is trained, from which data, and under which names it is registered. */
export interface TrainingSpec {
  /** Folder of the Feast repository; a relative one is looked for in the working directory. @default the sample's */
  readonly repository: string;
  /** Name of the FeatureService that lists the model's features. @default "churn_features" where `features` is absent */
  readonly service?: string | undefined;
  /** Features as `view:feature`, instead of `service`. */
  readonly features?: readonly string[] | undefined;
  /** Parquet or CSV file with join keys, event_timestamp and label; a relative one lies in the repository. @default "data/churn_labels.parquet" */
  readonly entities: string;
  /** Column of `entities` that is predicted: integers. @default "churned" */
  readonly label: string;
  /** Days after event_timestamp that the label looks into. @default 90 */
  readonly labelHorizonDays: number;
  /** Day or time, UTC: rows before it train. @default as late as the horizon allows */
  readonly trainBefore?: string | undefined;
  /** Day or time, UTC: rows from it on test. @default "1998-03-15" for the sample's own entities, else the last fifth of the days */
  readonly testFrom?: string | undefined;
  /** Hyperparameters. @default 100 trees of depth 10 */
  readonly forest: Partial<ForestParams>;
  /** Experiment of the run in MLflow. @default "feast_ml_deployment" */
  readonly experiment: string;
  /** Registered model in MLflow. @default "churn_predictor_feast" */
  readonly model: string;
}

/** A field of a {@link TrainingSpec} that can't be used: what was expected and what came. */
export class TrainingSpecError extends Error {
  readonly field: keyof TrainingSpec;

  constructor(field: keyof TrainingSpec, reason: string, options?: ErrorOptions) {
    super(`${field}: ${reason}`, options);
    this.name = "TrainingSpecError";
    this.field = field;
  }
}

const sample = {
  repository: join(import.meta.dirname, "sample"),
  service: "churn_features",
  entities: "data/churn_labels.parquet",
  label: "churned",
  labelHorizonDays: 90,
  // the first day by which the labels of 1997 are known: see sample/README.md
  testFrom: "1998-03-15",
  forest: { nEstimators: 100, maxDepth: 10, randomState: 0 },
  experiment: "feast_ml_deployment",
  model: "churn_predictor_feast",
} as const satisfies TrainingSpec;

/**
 * Completes a spec with the sample's values, makes its paths absolute and checks each field.
 *
 * @throws TrainingSpecError that names the field.
 */
export function normalizeTrainingSpec(given: Partial<TrainingSpec> = {}): TrainingSpec {
  const { service, features, trainBefore } = given;
  const text = (field: "repository" | "entities" | "label" | "experiment" | "model") => {
    const value = given[field] ?? sample[field];
    if (typeof value !== "string" || value.trim() === "") throw expected(field, "a text that isn't empty", value);
    return value;
  };
  const repository = resolve(text("repository"));
  const entities = text("entities");
  const sampleRows = repository === sample.repository && given.entities === undefined && trainBefore === undefined;
  const testFrom = given.testFrom ?? (sampleRows ? sample.testFrom : undefined);
  const labelHorizonDays = given.labelHorizonDays ?? sample.labelHorizonDays;
  if (!(Number.isFinite(labelHorizonDays) && labelHorizonDays >= 0))
    throw expected("labelHorizonDays", "a number of days, 0 or more", labelHorizonDays);
  const model = text("model");
  check("model", () => checkModelName(model));
  checkTime("trainBefore", trainBefore);
  checkTime("testFrom", testFrom);
  return {
    repository,
    ...selection(service, features),
    entities: isAbsolute(entities) ? entities : join(repository, entities),
    label: text("label"),
    labelHorizonDays,
    ...(trainBefore === undefined ? {} : { trainBefore }),
    ...(testFrom === undefined ? {} : { testFrom }),
    // with the defaults of what it leaves out
    forest: check("forest", () => new RandomForestClassifier({ ...sample.forest, ...given.forest }).params),
    experiment: text("experiment"),
    model,
  };
}

function selection(
  service: string | undefined,
  features: readonly string[] | undefined,
): { service: string } | { features: readonly string[] } {
  if (features === undefined) {
    if (service?.trim() === "") throw expected("service", "a FeatureService's name", service);
    return { service: service ?? sample.service };
  }
  if (service !== undefined) throw new TrainingSpecError("features", "only one of `service` or `features`, got both");
  if (features.length === 0) throw expected("features", "at least one view:feature", features);
  const wrong = features.find((feature) => !/^[^:]+:[^:]+$/.test(feature));
  if (wrong !== undefined) throw expected("features", "view:feature each", wrong);
  const twice = features.find((feature, index) => features.indexOf(feature) !== index);
  if (twice !== undefined) throw new TrainingSpecError("features", `expected each feature once, got ${twice} twice`);
  return { features };
}

/** What `use` gives; what it throws becomes an error of the field. */
function check<T>(field: keyof TrainingSpec, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    throw new TrainingSpecError(field, (cause as Error).message, { cause });
  }
}

function checkTime(field: "trainBefore" | "testFrom", value: string | undefined): void {
  if (value !== undefined && parseUtcTime(value) === undefined)
    throw expected(field, "a day (YYYY-MM-DD) or a time (YYYY-MM-DDThh:mm:ss), UTC unless it has a zone", value);
}

function expected(field: keyof TrainingSpec, what: string, value: unknown): TrainingSpecError {
  return new TrainingSpecError(field, `expected ${what}, got ${JSON.stringify(value)}`);
}
