import { setPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { openStore } from "../../mlflow/open-store.ts";
import type { FeatureRows } from "../features/feature-rows.ts";
import { loadModel } from "../model/load-model.ts";
import { storePatience } from "../model/load-settings.ts";
import type { ServedModel } from "../model/served-model.ts";
import { compare } from "./compare.ts";
import type { Fit } from "./fit.ts";
import type { ShadowModel, ShadowReply, ShadowRequest } from "./messages.ts";

/** Lowest of all: it runs when the service, and the neighbours, leave the processor idle. */
const idlePriority = 19;

/** It rests so many times as long as it has worked, so that under a limit of processor time the service keeps its own. */
const restsPerWork = 3;

// The process that holds the shadow's model. It ends with the service, and at its word, not at the terminal's signals.
setPriority(idlePriority);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => {});
process.once("disconnect", () => process.exit());
const loaded = Promise.withResolvers<ServedModel>();
process.on("message", async (request: ShadowRequest) => {
  if (request.kind === "load") return load(request.model).then(loaded.resolve);
  const start = performance.now();
  const reply = await answer(await loaded.promise, request);
  await delay((performance.now() - start) * restsPerWork);
  send(reply);
});

async function load({ trackingUri, credentials, name, version, runRows }: ShadowModel): Promise<ServedModel> {
  try {
    const store = openStore(trackingUri, { ...credentials, ...storePatience });
    const model = await loadModel({ store, name, version, runRows, threads: 1 });
    const { runId, modelType, sha256, schema } = model;
    send({ kind: "ready", model: { name, version: model.version, runId, modelType, sha256 }, schema });
    return model;
  } catch (error) {
    send({ kind: "failed", message: (error as Error).message }, () => process.exit(1));
    return new Promise(() => {});
  }
}

async function answer(model: ServedModel, request: ShadowRequest & { kind: "compare" }): Promise<ShadowReply> {
  const { answered, fit } = request;
  try {
    const predictions = await model.predict(pick(answered.rows, fit));
    return { kind: "compared", comparison: compare(answered.predictions, predictions, fit) };
  } catch (error) {
    return { kind: "not compared", rows: answered.rows.count, message: (error as Error).message };
  }
}

/** The shadow's columns of the rows. */
function pick({ count, values, texts }: FeatureRows, { columns }: Fit): FeatureRows {
  const given = values.length / count;
  const picked = new Float64Array(count * columns.length);
  for (let row = 0, at = 0; row < count; row++)
    for (const column of columns) picked[at++] = values[row * given + column]!;
  return { count, values: picked, ...(texts && { texts: columns.map((column) => texts[column]) }) };
}

function send(reply: ShadowReply, sent?: () => void): void {
  process.send?.(reply, undefined, undefined, sent);
}
