import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { whole } from "../../inference/environment.ts";
import { type BenchScope, runBench } from "./bench-scope.ts";
import { batchPredict, repeatRows } from "./bodies.ts";
import { customers } from "./customers.ts";
import { trainForestModel } from "./forest-model.ts";
import { launchService } from "./launch-service.ts";
import { runOpenLoop } from "./open-loop.ts";
import { healthResult, openResult, openTable, overloadProblems } from "./overload-report.ts";
import type { ServerProcess } from "./server-process.ts";
import { count, ms } from "./table.ts";
import { requireOk, runWrk, wrkVersion } from "./wrk.ts";

/**
 * What the service promises under more than it can do. First /health, asked 100 times a second, while requests of 100,000
 * rows come one after another on two connections. Then requests of 1,000 rows at 1 and 3 times the rate that it answers
 * at most, measured first: how many are accepted and shed, and how long what is accepted takes. The exit status is 1
 * where a promise isn't kept.
 *
 *   npm run bench:overload -- [--seconds N]
 */
const { values } = parseArgs({ options: { seconds: { type: "string" } } });
const seconds = whole({ "--seconds": values.seconds }, "--seconds", 20, 1, 600);

const warmUpSeconds = 3;
const healthRate = 100;
const [hugeRows, largeRows] = [100_000, 1000];
/** Enough that there is always a request to go on with, too few to be refused. */
const capacityConnections = 4;
const timeoutMs = 10_000;
/** 100,000 rows as objects are some 16 MB, more than the service takes by default. */
const bodyLimit = { MAX_BODY_BYTES: String(64 * 2 ** 20) };

await wrkVersion();
await runBench(async (scope) => {
  const { trackingUri, name } = await trainForestModel(scope.folder);
  const server = await scope.start("ours", "/health", (port) => launchService(port, trackingUri, name, bodyLimit));
  const health = await healthUnderBatches(scope, server);
  const [once, thrice] = await openLoads(scope, server);
  console.log(openTable([once, thrice]));
  const problems = overloadProblems(health, once, thrice);
  console.log(problems.length === 0 ? "\nall kept" : `\nnot kept:\n- ${problems.join("\n- ")}`);
  if (problems.length > 0) process.exitCode = 1;
});

async function healthUnderBatches({ folder, signal }: BenchScope, server: ServerProcess) {
  const bodies = [join(folder, "huge.json")];
  await writeFile(bodies[0]!, batchBody(hugeRows));
  const url = (path: string) => server.endpoint + path;
  const load = { url: url(batchPredict.path), connections: 2, bodies, signal };
  const both = (seconds: number) => {
    const probes = { url: url("/health"), rate: healthRate, seconds, timeoutMs, signal };
    return Promise.all([runWrk({ ...load, seconds }), runOpenLoop(probes)]);
  };
  requireOk((await both(Math.min(seconds, warmUpSeconds)))[0]);
  const [batches, outcomes] = await both(seconds);
  requireOk(batches);
  await server.settled();
  const health = healthResult(outcomes);
  console.log(
    `/health while ${count(hugeRows)}-row batches run: median ${ms(health.medianMs)} ms, max ${ms(health.maxMs)} ms; ` +
      `the batches: ${count(batches.rate * hugeRows)} rows/s, median ${ms(batches.medianMs)} ms\n`,
  );
  return health;
}

async function openLoads({ folder, signal }: BenchScope, server: ServerProcess) {
  const url = server.endpoint + batchPredict.path;
  const body = batchBody(largeRows);
  const bodies = [join(folder, "large.json")];
  await writeFile(bodies[0]!, body);
  const capacity = await runWrk({ url, connections: capacityConnections, seconds, bodies, signal });
  requireOk(capacity);
  await server.settled();
  console.log(
    `capacity: ${count(capacity.rate)} requests/s of ${count(largeRows)} rows, ${capacityConnections} connections, ` +
      `median ${ms(capacity.medianMs)}, p99 ${ms(capacity.p99Ms)} ms\n`,
  );
  const open = async (times: number) => {
    const rate = times * capacity.rate;
    const outcomes = await runOpenLoop({ url, body, rate, seconds, timeoutMs, signal });
    await server.settled();
    return openResult(`${times}× capacity`, rate, outcomes);
  };
  return [await open(1), await open(3)] as const;
}

function batchBody(rows: number): Buffer {
  return Buffer.from(JSON.stringify(batchPredict.body(repeatRows(customers(largeRows, 2).features, rows))));
}
