import { createHash } from "node:crypto";
import type { ColumnSpec } from "../mlflow/model-folder.ts";
import type { Registration, RunDataset } from "../mlflow/store.ts";
import type { ForestParams } from "./forest/forest-params.ts";
import type { TrainingPlan } from "./training-plan.ts";
import { formatUtcTime } from "./utc-time.ts";

/** Params of the run: hyperparameters by scikit-learn's names, what was trained on, and how it was divided. */
export function runParams(plan: TrainingPlan): Registration["params"] {
  const { spec, set, split } = plan;
  return {
    ...hyperparameters(spec.forest as ForestParams),
    label: spec.label,
    label_horizon_days: spec.labelHorizonDays,
    last_training_timestamp: formatUtcTime(split.lastTraining),
    test_from: formatUtcTime(split.testFrom),
    train_rows: split.trainRows,
    test_rows: set.rows - split.testStart,
  };
}

/**
 * Tags of the run by the names of Feast's own MLflow integration (feast-dev/feast#6235), which finds a model's features by them.
 */
export function feastTags({ lineage, set }: TrainingPlan): Record<string, string> {
  const { project, service, featureRefs } = lineage;
  const views = [...new Set(featureRefs.map((ref) => ref.slice(0, ref.indexOf(":"))))].sort();
  return {
    "feast.project": project,
    "feast.retrieval_type": "historical",
    ...feastServiceTag(service),
    "feast.feature_views": truncate(views.join(",")),
    "feast.feature_refs": truncate(featureRefs.join(",")),
    "feast.entity_count": String(set.rows),
    "feast.feature_count": String(featureRefs.length),
  };
}

/** The tag that Feast looks for at a registered version, too. */
export function feastServiceTag(service: string | undefined): Record<string, string> {
  return service === undefined ? {} : { "feast.feature_service": service };
}

/** The run's dataset input, as MLflow's client describes a pandas DataFrame from a local file. */
export function runDataset(
  { spec, set, lineage, fingerprint }: TrainingPlan,
  columns: readonly ColumnSpec[],
): RunDataset {
  const { features, labels } = fingerprint.parts;
  const label: ColumnSpec = { name: set.labelName, type: "long", required: true };
  return {
    name: lineage.service ?? lineage.project,
    digest: createHash("sha256").update(features).update(labels).digest("hex").slice(0, 8),
    source: JSON.stringify({ uri: spec.entities }),
    sourceType: "local",
    schema: JSON.stringify({
      mlflow_colspec: [...columns, label].map(({ name, type, required }) => ({ type, name, required })),
    }),
    profile: JSON.stringify({ num_rows: set.rows, num_elements: set.rows * (columns.length + 1) }),
  };
}

/** `maxDepth` as `max_depth`; null as Python's None, as scikit-learn's autologging writes it. */
function hyperparameters(forest: ForestParams): Registration["params"] {
  return Object.fromEntries(
    Object.entries(forest).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value ?? "None",
    ]),
  );
}

/** MLflow takes 5,000 characters of a tag; Feast cuts its own in the same way. */
function truncate(text: string): string {
  return text.length > 4990 ? `${text.slice(0, 4987)}...` : text;
}
