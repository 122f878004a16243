import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../tests/free-port.ts";
import { type Launch, type ServerProcess, startServer } from "./server-process.ts";

/** What a benchmark may use until it ends. */
export interface BenchScope {
  /** Gone at the end. */
  readonly folder: string;
  /** Aborted at the end: what outlives the benchmark by itself is to stop then. */
  readonly signal: AbortSignal;
  /** Starts a server on a free port; it is stopped at the end at the latest. */
  start(name: string, health: string, launch: (port: number) => Launch | Promise<Launch>): Promise<ServerProcess>;
}

/**
 * Runs a benchmark, and ends all that it started, however it ends: by itself, by an error, or by Ctrl-C, after which the
 * process ends with the signal's status.
 */
export async function runBench(bench: (scope: BenchScope) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bench-serving-"));
  const stops: (() => Promise<void>)[] = [];
  const ending = new AbortController();
  const scope: BenchScope = {
    folder,
    signal: ending.signal,
    async start(name, health, launch) {
      const port = await freePort();
      const command = await launch(port);
      // From here to the push nothing else runs: what starts is stopped.
      ending.signal.throwIfAborted();
      const { ready, stop } = startServer(command, port, health, join(folder, `${name}.log`));
      stops.push(stop);
      return ready;
    },
  };
  let interrupted: NodeJS.Signals | undefined;
  const interruption = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        interrupted = signal;
        resolve();
      });
  });
  try {
    await Promise.race([bench(scope), interruption]);
  } finally {
    ending.abort();
    await Promise.all(stops.map((stop) => stop()));
    await rm(folder, { recursive: true, force: true });
  }
  // What the benchmark was at may still go on in this process.
  if (interrupted) process.exit(128 + constants.signals[interrupted]);
}
