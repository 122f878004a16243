import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** What wrk is to send, over and over. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Files with JSON bodies, which take turns; without one, GET. */
  readonly bodies?: readonly string[];
  /** How long a connection waits before each of its requests. @default 0 */
  readonly pauseMs?: number;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
}

/** What came back. */
export interface LoadResult {
  readonly seconds: number;
  /** Answers a second. */
  readonly rate: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Connections that failed, and answers that took longer than a minute. */
  readonly failures: number;
}

const run = promisify(execFile);
const script = join(import.meta.dirname, "wrk.lua");

/**
 * The version of wrk on PATH. No generator of npm stands in for it: autocannon fills a core at 35,000 to 45,000 requests a
 * second, which is what it would have to measure, and tells times in whole milliseconds.
 *
 * @throws Error saying how to install it where there is none.
 */
export async function wrkVersion(): Promise<string> {
  try {
    await run("wrk", ["--version"]);
  } catch (error) {
    const { code, stdout } = error as NodeJS.ErrnoException & { stdout?: string };
    // It prints its version with its usage, and ends with 1.
    const version = /^wrk (\S+)/.exec(stdout ?? "")?.[1];
    if (version) return version;
    if (code !== "ENOENT") throw error;
  }
  throw new Error(
    "expected the load generator wrk on PATH: apt-get install wrk (Debian, Ubuntu), brew install wrk (macOS), " +
      "or build https://github.com/wg/wrk",
  );
}

/** Loads a server. @throws Error where wrk fails, or no answer came. */
export async function runWrk(load: Load): Promise<LoadResult> {
  const { url, connections, seconds, bodies = [], pauseMs = 0, signal } = load;
  const args = ["--threads", "1", "--connections", `${connections}`, "--duration", `${seconds}s`, "--timeout", "60s"];
  const method = bodies.length > 0 ? "POST" : "GET";
  const { stdout } = await run("wrk", [...args, "--script", script, url, "--", method, `${pauseMs}`, ...bodies], {
    signal,
  });
  return readWrk(stdout);
}

/** Reads what wrk.lua prints, its last line. @throws Error where it says nothing, or that no answer came. */
export function readWrk(printed: string): LoadResult {
  const line = printed.trimEnd().split("\n").at(-1)!;
  if (!line.startsWith("{"))
    throw new Error(`expected the line of wrk.lua at the end of wrk's output, got:\n${printed}`);
  const { duration, requests, p50, p99, max, statuses, connect, read, write, timeout } = JSON.parse(line);
  const failures = connect + read + write + timeout;
  const seconds = duration / 1e6;
  if (requests === 0)
    throw new Error(`expected answers, got none in ${seconds.toFixed(1)} s, with ${failures} failures`);
  return {
    seconds,
    rate: requests / seconds,
    medianMs: p50 / 1000,
    p99Ms: p99 / 1000,
    maxMs: max / 1000,
    statuses,
    failures,
  };
}

/** @throws Error where anything but 200 came back. */
export function requireOk({ statuses, failures }: LoadResult): void {
  const others = Object.entries(statuses).filter(([status]) => status !== "200");
  if (others.length === 0 && failures === 0) return;
  const got = others
    .map(([status, count]) => `${count} times ${status}`)
    .concat(failures ? `${failures} failures` : []);
  throw new Error(`expected 200 to every request, got ${got.join(", ")}`);
}
