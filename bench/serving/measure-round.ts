import type { BenchScope } from "./bench-scope.ts";
import type { Contender, ContenderName } from "./contenders.ts";
import type { Figures } from "./figures.ts";
import { manyRows, type PreparedGround } from "./prepare-ground.ts";
import { type CheckedServer, startChecked } from "./start-checked.ts";
import { count, ms } from "./table.ts";
import { type LoadResult, requireOk, runWrk } from "./wrk.ts";

const warmUpSeconds = 3;
const batchConnections = 2;
/** At least, of a load of large requests: the slowest take a second for one. */
const batchSeconds = 5;

/** How a round goes. */
export interface RoundOptions {
  /** In the order of their turns. */
  readonly contenders: readonly (readonly [ContenderName, Contender])[];
  /** Of each load. */
  readonly seconds: number;
  /** Is told what was measured. */
  report(line: string): void;
}

/**
 * One round: starts each server anew, one after another, with its answers checked; warms it up; then puts each load on
 * all of them in turn, on one at a time; and ends them.
 */
export async function measureRound(
  scope: BenchScope,
  ground: PreparedGround,
  { contenders, seconds, report }: RoundOptions,
): Promise<Map<ContenderName, Figures>> {
  const servers: CheckedServer[] = [];
  for (const [name, contender] of contenders) servers.push(await startChecked(scope, ground, name, contender));
  const measured = new Map<ContenderName, Partial<Record<keyof Figures, number>>>();
  for (const { name, startUpSeconds, idleBytes } of servers) measured.set(name, { startUpSeconds, idleBytes });

  const { signal } = scope;
  for (const server of servers) await put(server, "predict", 16, Math.min(seconds, warmUpSeconds), signal);
  for (const connections of [16, 128, 1])
    for (const server of servers) {
      const result = await put(server, "predict", connections, seconds, signal);
      Object.assign(measured.get(server.name)!, figuresAt[connections]!(result));
      const { rate, medianMs } = result;
      report(`${server.name}, ${connections} connections: ${count(rate)} requests/s, median ${ms(medianMs)} ms`);
    }
  for (const server of servers.filter(({ contender }) => contender.batch)) {
    const { rate } = await put(server, "batch", batchConnections, Math.max(seconds, batchSeconds), signal);
    measured.get(server.name)!.rowRate = rate * manyRows;
    report(`${server.name}, ${batchConnections} connections: ${count(rate * manyRows)} rows/s`);
  }
  for (const server of servers) {
    measured.get(server.name)!.loadedBytes = await server.residentBytes();
    await server.stop();
  }
  return measured as Map<ContenderName, Figures>;
}

const figuresAt: Readonly<Record<number, (result: LoadResult) => Partial<Figures>>> = {
  16: ({ rate, medianMs, p99Ms }) => ({ rate16: rate, median16Ms: medianMs, p99At16Ms: p99Ms }),
  128: ({ rate, medianMs, p99Ms }) => ({ rate128: rate, median128Ms: medianMs, p99At128Ms: p99Ms }),
  1: ({ medianMs }) => ({ median1Ms: medianMs }),
};

/** Puts a load on a server, and waits until it is done with it. @throws Error where anything but 200 came back. */
async function put(
  server: CheckedServer,
  kind: "predict" | "batch",
  connections: number,
  seconds: number,
  signal: AbortSignal,
): Promise<LoadResult> {
  const { contender, endpoint, bodies } = server;
  const { path } = contender[kind]!;
  try {
    const result = await runWrk({ url: `${endpoint}${path}`, connections, seconds, bodies: [bodies[kind]], signal });
    requireOk(result);
    await server.settled();
    await server.forgetLog();
    return result;
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`${contender.title}, ${path}, ${connections} connections: ${message}`, { cause });
  }
}
