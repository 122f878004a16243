import { connect } from "node:net";
import { log } from "@pulumi/pulumi";
import type { MetricChange, ModelChange } from "./model/model-change.ts";
import { describeSchemaChange } from "./model/schema-change.ts";
import { channelVariable } from "./run-channel.ts";
import { describeWayBack, type WayBack } from "./way-back.ts";

/** What a run is about to do, in the terms of the people who decide about it. */
export interface ChangeReport {
  /** Absent where the model stays. */
  readonly model?: ModelChange;
  /** Absent where the image stays, or there is none. */
  readonly image?: ImageChange;
  /** How the new takes the old's place, step by step. */
  readonly rollout: readonly string[];
  /** How to go back where that fails; absent where there is nothing to go back to. */
  readonly wayBack?: WayBack;
}

/** The image that pods will run. */
export interface ImageChange {
  /** Repository and digest where it is pushed already, else repository and tag. */
  readonly reference: string;
  /** Whether it has yet to be built and pushed. */
  readonly build: boolean;
}

/** Says what a run is about to do: in the engine's diagnostics, and as data to the {@link deploy} around it, if there is one. */
export async function announce(report: ChangeReport): Promise<void> {
  const lines = describeReport(report);
  if (lines.length > 0) await log.info(lines.join("\n"));
  const path = process.env[channelVariable];
  if (!path) return;
  await new Promise<void>((resolve) => {
    const socket = connect(path);
    // A deploy that is gone or cancels hears nothing, and needs nothing.
    socket.once("error", () => resolve()).once("close", () => resolve());
    socket.end(`${JSON.stringify({ report })}\n`);
  });
}

/** In words; no line where nothing changes, and what there is was proven. */
export function describeReport({ model, image, rollout, wayBack }: ChangeReport): string[] {
  const lines = [
    ...(model ? describeModel(model) : wayBack?.to ? ["the version that the stack has isn't proven yet"] : []),
    ...(image ? [describeImage(image)] : []),
  ];
  if (lines.length === 0) return [];
  const steps = rollout.map((step, index) => `rollout ${index + 1}: ${step}`);
  return [...lines, ...steps, ...(wayBack ? [`if that fails, ${describeWayBack(wayBack)}`] : [])];
}

function describeModel({ modelName, from, to, reason, metrics, schema }: ModelChange): string[] {
  const target = to ?? "a new version, trained in this run";
  const versions = from === undefined ? `version ${target}`.replace("version a", "a") : `version ${from} → ${target}`;
  const why = to === undefined && reason ? ` (${reason.slice(reason.indexOf(": ") + 2)})` : "";
  return [
    `${modelName}: ${versions}${why}`,
    ...(to === undefined ? ["  metrics known after training"] : metrics.map(describeMetric)),
    ...(schema ? [`  schema: ${describeSchemaChange(schema)}`] : []),
  ];
}

function describeMetric({ name, from, to }: MetricChange): string {
  const text = (value: number | undefined) =>
    value === undefined ? "none" : Number.isInteger(value) ? `${value}` : value.toFixed(4);
  if (from === undefined || to === undefined)
    return `  ${name} ${to === undefined ? `${text(from)} → none` : text(to)}`;
  const delta = to - from;
  return `  ${name} ${text(from)} → ${text(to)} (${delta < 0 ? "" : "+"}${text(delta)})`;
}

function describeImage({ reference, build }: ImageChange): string {
  return `image: ${reference}${build ? ", to be built and pushed" : ""}`;
}
