import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile, truncate } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { requestJson } from "../../inference/request-json.ts";
import { listProcesses, treeOf } from "./process-tree.ts";

/** A command that starts a server. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside PATH and HOME of this process. */
  readonly env: NodeJS.ProcessEnv;
}

/** A server that takes requests. */
export interface ServerProcess {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** From its start to the first 200 of its health path. */
  readonly startUpSeconds: number;
  /** Of the process and all that it started. */
  residentBytes(): Promise<number>;
  /** Waits until it has nothing more to do for clients that have left, which is when it answers its health path again. */
  settled(): Promise<void>;
  /** Empties its log, so that the log of a long run fills no disk. */
  forgetLog(): Promise<void>;
  /** Ends it with all that it started; once it has ended there is nothing to do. */
  stop(): Promise<void>;
}

const startTimeoutMs = 120_000;
const stopTimeoutMs = 10_000;

/**
 * Starts a server.
 *
 * @param health - the path that answers 200 once it takes requests.
 * @param log - the file that takes what it prints.
 * @returns at once, so that it can be stopped from now on; `ready` rejects with the end of its log where it ends, or takes
 *   longer than two minutes.
 */
export function startServer(
  launch: Launch,
  port: number,
  health: string,
  log: string,
): { readonly ready: Promise<ServerProcess>; stop(): Promise<void> } {
  const file = openSync(log, "a");
  const start = performance.now();
  const child = spawn(launch.command, launch.args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...launch.env },
    stdio: ["ignore", file, file],
    // Apart from the terminal: Ctrl-C reaches this process alone, which then ends the servers.
    detached: true,
  });
  closeSync(file);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= endTree(child);
    return stopping;
  };
  const endpoint = `http://127.0.0.1:${port}`;
  const isHealthy = async () => (await requestJson(endpoint + health, { timeoutMs: startTimeoutMs })).status === 200;
  const ready = untilReady(child, isHealthy).then(
    (): ServerProcess => ({
      endpoint,
      startUpSeconds: (performance.now() - start) / 1000,
      async residentBytes() {
        const tree = treeOf(await listProcesses(), child.pid!);
        return tree.reduce((sum, { residentBytes }) => sum + residentBytes, 0);
      },
      async settled() {
        if (!(await isHealthy()))
          throw new Error(`${endpoint}${health}: expected 200 after a load, got another answer`);
      },
      forgetLog: () => truncate(log),
      stop,
    }),
    async (cause: Error) => {
      const printed = (await readFile(log, "utf8")).slice(-4000);
      throw new Error(`${launch.command} ${launch.args.join(" ")}: ${cause.message}\n${printed}`, { cause });
    },
  );
  return { ready, stop };
}

/** @throws Error where the server ends first, or takes too long. */
async function untilReady(child: ChildProcess, isHealthy: () => Promise<boolean>): Promise<void> {
  const waiting = new AbortController();
  const ended = once(child, "close").then(([code, signal]) => {
    throw new Error(`it ended with ${code ?? signal}`);
  });
  try {
    await Promise.race([untilHealthy(isHealthy, waiting.signal), ended]);
  } finally {
    waiting.abort();
    ended.catch(() => {});
  }
}

/** Asks again and again: nothing but the port tells of all these servers that they are up. */
async function untilHealthy(isHealthy: () => Promise<boolean>, given: AbortSignal): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while (!given.aborted && !(await isHealthy().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`it took no requests within ${startTimeoutMs / 1000} s`);
    await setTimeout(10);
  }
}

/** SIGTERM first, so that servers clean up behind them; then whatever is left of those that they started. */
async function endTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const tree = treeOf(await listProcesses(), child.pid);
  const ended = once(child, "close");
  child.kill("SIGTERM");
  const patience = new AbortController();
  await Promise.race([ended, setTimeout(stopTimeoutMs, undefined, { signal: patience.signal }).catch(() => {})]);
  patience.abort();
  for (const { pid } of tree) kill(pid);
  kill(-child.pid);
  await ended;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
