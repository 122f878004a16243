import { isDeepStrictEqual, stripVTControlCharacters } from "node:util";
import type { automation } from "@pulumi/pulumi";
import type { ChangeReport } from "../components/change-report.ts";
import type { DeployEvent, ResourceChange } from "./deploy-event.ts";

type Values = Readonly<Record<string, unknown>>;

/** What an engine operation has done, gathered from its events. */
export interface EngineRecord {
  /** Resources that the operation changes, by URN; in a preview those that it would change. */
  readonly changes: Map<string, ResourceChange>;
  /** Error messages, each once, a resource's before the stack's. */
  readonly errors: string[];
  /** Outputs of the stack before and after. */
  readonly outputs: { before: Values; after: Values };
  /** Outputs of the TrainedModel as it is after. */
  model: Values;
  /** Whether a step of the service itself failed. */
  rolloutFailed: boolean;
  /** What the program said that it was about to do. */
  report?: ChangeReport;
}

const operations: Readonly<Record<string, ResourceChange["operation"]>> = {
  create: "create",
  "create-replacement": "replace",
  update: "update",
  delete: "delete",
};
/** What the engine adds to an error of a resource. */
const echoes = new Set(["update failed", "preview failed", "destroy failed", "refresh failed"]);

/** Listens to an engine's events: gathers a record, and hands on what a user wants to see. */
export class EngineListener {
  readonly record: EngineRecord = {
    changes: new Map(),
    errors: [],
    outputs: { before: {}, after: {} },
    model: {},
    rolloutFailed: false,
  };
  readonly #onEvent: (event: DeployEvent) => void;

  constructor(onEvent: (event: DeployEvent) => void) {
    this.#onEvent = onEvent;
  }

  readonly listen = (event: automation.EngineEvent): void => {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
    if (diagnosticEvent) this.#diagnostic(diagnosticEvent);
    const metadata = (resourcePreEvent ?? resOutputsEvent ?? resOpFailedEvent)?.metadata;
    if (!metadata) return;
    this.#outputs(metadata);
    this.#change(metadata, resOpFailedEvent ? "failed" : resOutputsEvent ? "done" : "started");
  };

  #outputs({ type, old, new: next }: automation.StepEventMetadata): void {
    const { outputs } = this.record;
    if (type === "pulumi:pulumi:Stack") {
      if (old && Object.keys(outputs.before).length === 0) outputs.before = old.outputs ?? {};
      outputs.after = next?.outputs ?? {};
    }
    if (type.endsWith(":TrainedModel")) this.record.model = next?.outputs ?? {};
  }

  #change(metadata: automation.StepEventMetadata, status: "started" | "done" | "failed"): void {
    const operation = operations[metadata.op];
    const { urn, type } = metadata;
    const isComponent = !(metadata.new ?? metadata.old)?.custom;
    if (!operation || isComponent || type.startsWith("pulumi:")) return;
    const change = {
      operation,
      name: nameOf(urn),
      kind: type.split(":").at(-1)!,
      urn,
      changed: changedInputs(metadata),
    };
    if (status !== "failed") this.record.changes.set(urn, change);
    else if (urn.includes("pipeline:serving:InferenceService$")) this.record.rolloutFailed = true;
    this.#onEvent({ type: "resource", status, change });
  }

  #diagnostic({ severity, message, urn, ephemeral }: automation.DiagnosticEvent): void {
    const text = plain(message);
    // An undefined value is an output of what was skipped: the result says that it was.
    if (text === "" || ephemeral || text.startsWith("Undefined value (")) return;
    if (severity === "error") {
      if (echoes.has(text)) return;
      const kind = urn?.includes("pulumi:pulumi:Stack") ? undefined : urn;
      const line = kind ? `${nameOf(kind)}: ${text}` : withoutStack(text);
      if (!this.record.errors.includes(line)) this.record.errors.push(line);
    } else if (severity === "warning" || severity === "info" || severity === "info#err") {
      this.#onEvent({ type: "message", severity: severity === "warning" ? "warning" : "info", message: text });
    }
  }
}

/** Name of a resource. */
function nameOf(urn: string): string {
  return urn.split("::").at(-1)!;
}

/** A message without the engine's marks for colours. */
export function plain(message: string): string {
  return stripVTControlCharacters(message.replace(/<\{%.*?%\}>/g, "")).trim();
}

/** An error of the program without its stack trace and the sentence that introduces it. */
function withoutStack(text: string): string {
  const lines = text
    .split("\n")
    .filter((line) => !/^Running program .* failed with an unhandled exception:$/.test(line));
  const end = lines.findIndex((line) => /^\s+at /.test(line));
  return lines
    .slice(0, end < 0 ? undefined : end)
    .join("\n")
    .replace(/^Error: /, "");
}

/** Inputs that an update changes. The engine doesn't say for dynamic resources, whose outputs echo the inputs. */
function changedInputs({ op, old, new: next }: automation.StepEventMetadata): string[] {
  if (op !== "update" || !old || !next) return [];
  const [before, after]: Values[] = [old.inputs ?? {}, next.inputs ?? {}];
  const keys = [...new Set([...Object.keys(before!), ...Object.keys(after!)])];
  return keys.filter((key) => key !== "__provider" && !isDeepStrictEqual(before![key], after![key]));
}
