import type { ChangeReport } from "../components/change-report.ts";
import type { ResourceChange } from "./deploy-event.ts";
import type { SkippedStep } from "./deploy-options.ts";
import type { EngineRecord } from "./engine-events.ts";
import type { KeptResource } from "./kept-resources.ts";

/** A model version as the stack knows it. */
export interface DeployedModel {
  readonly modelVersion: string;
  readonly runId: string;
  /** SHA-256 of `model.onnx`, hex. */
  readonly sha256: string;
  /** Metrics of the run that logged it. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What a deployment ended with. What the stack doesn't have, a preview doesn't know or a destroy has removed is undefined. */
export interface DeployResult extends Partial<DeployedModel> {
  readonly stack: string;
  readonly operation: "up" | "preview" | "destroy";
  readonly modelName?: string;
  /** The steps that were left out: what stands behind them is as it was. */
  readonly skipped: readonly SkippedStep[];
  /** Base address of the service; where its deployment was skipped it serves what it served before. */
  readonly endpoint?: string;
  /** The version that the stack had before, where it's another one. */
  readonly previous?: DeployedModel;
  /** What the run was about to do to model and image, and how: absent where they stay. */
  readonly report?: ChangeReport;
  /** What was changed, in a preview what would be: empty when everything was as it should be. */
  readonly changes: readonly ResourceChange[];
  /** What a destroy left, since it is protected; absent where that is nothing. */
  readonly kept?: readonly KeptResource[];
  /** Body of a request that the service answers: rows of the model's golden sample. */
  readonly exampleRequest?: {
    readonly inputs: Readonly<Record<string, readonly (number | null)[]>>;
    readonly return_probabilities: true;
  };
}

/** Makes the result from what the engine said. */
export function makeResult(
  stack: string,
  operation: DeployResult["operation"],
  record: EngineRecord,
  {
    skipped = [],
    kept = [],
  }: { readonly skipped?: readonly SkippedStep[]; readonly kept?: readonly KeptResource[] } = {},
): DeployResult {
  const { before, after } = record.outputs;
  const changes = [...record.changes.values()];
  if (operation === "destroy") return { stack, operation, skipped, changes, ...(kept.length > 0 && { kept }) };
  const previous = readModel(before);
  const model = readModel(after);
  const { modelName, endpoint } = after;
  const exampleRequest = skipped.includes("deploy") ? undefined : makeExample(record.model.goldenSample);
  return {
    stack,
    operation,
    skipped,
    ...(isKnown(modelName) && { modelName }),
    ...model,
    ...(isKnown(endpoint) && { endpoint }),
    ...(previous && previous.modelVersion !== model?.modelVersion && { previous }),
    ...((record.report?.model || record.report?.image) && { report: record.report }),
    changes,
    ...(exampleRequest && { exampleRequest }),
  };
}

/** The model in a stack's outputs; undefined where a preview doesn't know all of it. */
function readModel({ modelVersion, runId, sha256, metrics }: Readonly<Record<string, unknown>>) {
  if (!isKnown(modelVersion) || !isKnown(runId) || !isKnown(sha256)) return undefined;
  if (typeof metrics !== "object" || metrics === null) return undefined;
  return { modelVersion, runId, sha256, metrics: metrics as DeployedModel["metrics"] };
}

/** What stands in a preview for a value that only the update will know. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function isKnown(value: unknown): value is string {
  return typeof value === "string" && value !== unknown;
}

const exampleRows = 2;

function makeExample(golden: unknown): DeployResult["exampleRequest"] {
  const { columns, rows } = (golden ?? {}) as { columns?: string[]; rows?: (number | null)[][] };
  if (!Array.isArray(columns) || !Array.isArray(rows)) return undefined;
  const sample = rows.slice(0, exampleRows);
  const inputs = Object.fromEntries(columns.map((column, index) => [column, sample.map((row) => row[index] ?? null)]));
  return { inputs, return_probabilities: true };
}
