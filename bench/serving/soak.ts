import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { whole } from "../../inference/environment.ts";
import { requestJson } from "../../inference/request-json.ts";
import { type BenchScope, runBench } from "./bench-scope.ts";
import { batchPredict, firstRows, predict } from "./bodies.ts";
import { customers } from "./customers.ts";
import { trainForestModel } from "./forest-model.ts";
import { launchService } from "./launch-service.ts";
import type { ServerProcess } from "./server-process.ts";
import { type MemorySample, memoryGrowth, percent, soakProblems, soakTables } from "./soak-report.ts";
import { megabytes } from "./table.ts";
import { runWrk, wrkVersion } from "./wrk.ts";

/**
 * The service at full load for ten minutes: small requests on 32 connections as fast as it answers, now and then 1,000
 * rows, and bodies that it must refuse; its metrics are read as Prometheus would. The exit status is 1 where memory grows
 * by 5 % or more after the first minute, or an answer has another status than its request must get.
 *
 *   npm run bench:soak -- [--minutes N]
 */
const { values } = parseArgs({ options: { minutes: { type: "string" } } });
const minutes = whole({ "--minutes": values.minutes }, "--minutes", 10, 3, 10_000);

const sampleMs = 5000;
const { features } = customers(1000, 2);
const few = predict.body(firstRows(features, 3)) as { inputs: Record<string, number[]> };

interface PartPlan {
  readonly title: string;
  readonly path: string;
  readonly connections: number;
  readonly pauseMs: number;
  readonly bodies: readonly string[];
  readonly statuses: readonly string[];
}

const plans: readonly PartPlan[] = [
  {
    title: "/predict, 3 rows",
    path: predict.path,
    connections: 32,
    pauseMs: 0,
    bodies: [JSON.stringify(few)],
    statuses: ["200"],
  },
  {
    title: "/batch_predict, 1,000 rows",
    path: batchPredict.path,
    connections: 2,
    pauseMs: 200,
    bodies: [JSON.stringify(batchPredict.body(features))],
    statuses: ["200"],
  },
  {
    title: "/predict, invalid bodies",
    path: predict.path,
    connections: 2,
    pauseMs: 10,
    bodies: [
      '{"inputs":',
      JSON.stringify({ ...few, inputs: { ...few.inputs, unknown: [1, 2, 3] } }),
      JSON.stringify({ ...few, inputs: { ...few.inputs, total_purchases: ["ten", null, 1] } }),
      JSON.stringify({ ...few, inputs: { ...few.inputs, account_age_days: [1] } }),
    ],
    statuses: ["400", "422"],
  },
];

await wrkVersion();
await runBench(async (scope) => {
  const { trackingUri, name } = await trainForestModel(scope.folder);
  let metrics = "";
  const server = await scope.start("ours", "/health", async (port) => {
    const launch = await launchService(port, trackingUri, name);
    metrics = `http://127.0.0.1:${launch.metricsPort}/metrics`;
    return launch;
  });
  const sampling = new AbortController();
  const loads = Promise.all(plans.map((plan) => load(scope, server, plan)));
  const [parts, samples] = await Promise.all([
    loads.finally(() => sampling.abort()),
    sample(server, metrics, AbortSignal.any([sampling.signal, scope.signal])),
  ]);
  const growth = memoryGrowth(samples, minutes);
  console.log(soakTables(samples, parts));
  console.log(`\nmemory, the last minute over the second one: ${percent(growth)}`);
  const problems = soakProblems(growth, parts);
  console.log(problems.length === 0 ? "\nall kept" : `\nnot kept:\n- ${problems.join("\n- ")}`);
  if (problems.length > 0) process.exitCode = 1;
});

async function load({ folder, signal }: BenchScope, server: ServerProcess, plan: PartPlan) {
  const { title, path, connections, pauseMs, statuses } = plan;
  const bodies = plan.bodies.map((_, at) => join(folder, `${plans.indexOf(plan)}-${at}.json`));
  await Promise.all(bodies.map((file, at) => writeFile(file, plan.bodies[at]!)));
  const url = server.endpoint + path;
  const result = await runWrk({ url, connections, seconds: 60 * minutes, pauseMs, bodies, signal });
  return { title, statuses, result };
}

/** Memory each five seconds while the load lasts, or until the signal. */
async function sample(server: ServerProcess, metrics: string, until: AbortSignal): Promise<MemorySample[]> {
  const samples: MemorySample[] = [];
  const start = performance.now();
  while (await setTimeout(sampleMs, true, { signal: until }).catch(() => false)) {
    const { status } = await requestJson(metrics);
    if (status !== 200) throw new Error(`${metrics}: expected 200, got ${status}`);
    const residentBytes = await server.residentBytes();
    const seconds = (performance.now() - start) / 1000;
    if (seconds > 60 * minutes) break;
    samples.push({ seconds, residentBytes });
    console.error(`${seconds.toFixed(0)} s: ${megabytes(residentBytes)} MB`);
    await server.forgetLog();
  }
  return samples;
}
