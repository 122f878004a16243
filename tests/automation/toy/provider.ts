import { appendFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const root = dirname(realpathSync("node_modules"));
const { duringRun } = await import(pathToFileURL(join(root, "components", "run-channel.ts")).href);

interface Inputs {
  readonly labels?: string;
  readonly trees?: number;
  readonly failure?: string;
}

export async function diff(olds: Inputs, news: Inputs) {
  const keys = Object.keys(news) as (keyof Inputs)[];
  return { changes: keys.some((key) => `${key}` !== "__provider" && olds[key] !== news[key]) };
}

/** Trains, one tree every 20 ms, where the resource is a model; logs what it did to `log`. */
export async function create(inputs: Inputs) {
  const { labels, trees: total = 0, failure } = inputs;
  if (labels === undefined) return { id: "it", outs: { ...inputs, endpoint: "http://127.0.0.1:1" } };
  if (failure === "training") throw new Error("training: expected 6 columns, got 5");
  await duringRun(async ({ signal, report }: import("../../../components/run-channel.ts").Run) => {
    appendFileSync("log", `training ${labels}\n`);
    for (let done = 1; done <= total; done++) {
      await wait(20);
      if (signal.aborted) appendFileSync("log", `stopped ${labels}\n`);
      signal.throwIfAborted();
      report({ step: "train", message: "trees", done, total });
    }
  });
  appendFileSync("log", `trained ${labels}\n`);
  return { id: "it", outs: { ...inputs, version: labels } };
}
