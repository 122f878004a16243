import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { requestJson } from "../../inference/request-json.ts";
import { isProcess, signalProcess, waitGone } from "./process-identity.ts";
import { protocol, readRecord, removeRecord, runFiles, type SupervisorRecord } from "./run-files.ts";
import type { ServeSpec, SupervisorStatus } from "./serve-spec.ts";
import type { StartMessage } from "./supervisor.ts";

/** What {@link startSupervisor} is told. */
export interface StartOptions {
  /** Folder of its log and run files; made where it doesn't exist. */
  readonly directory: string;
  /** Address and port that clients use; port 0 is any that is free. */
  readonly host: string;
  readonly port: number;
  readonly spec: ServeSpec;
  readonly signal?: AbortSignal;
}

/**
 * A supervisor as found: its own status, or why there is none. `dead`: it ended without being stopped, by a reboot say;
 * `unresponsive`: it runs, but hangs or is of another release.
 */
export type FoundStatus =
  | ({ readonly running: true } & SupervisorStatus)
  | { readonly running: false; readonly reason: "stopped" | "dead" | "unresponsive"; readonly pid?: number };

const statusWithinMs = 5000;
/** Starting, loading a model and proving it; the supervisor's own limit is shorter. */
const rollWithinMs = 300_000;
/** Open requests get 30 s by default, then instances are killed. */
const stopWithinMs = 60_000;

/**
 * Starts a supervisor in the background, that outlives this process and its terminal, with a first instance.
 * Where that can't prove itself nothing stays.
 *
 * @throws Error where one runs already, the port is taken, or the instance fails, with the end of its log.
 */
export async function startSupervisor(options: StartOptions): Promise<FoundStatus> {
  const { directory, spec, signal } = options;
  const record = readRecord(directory);
  if (record && isProcess(record.pid, record.id))
    throw new Error(`${directory}: a supervisor runs here already (pid ${record.pid}): roll it, or stop it first`);
  if (record) await endRemains(directory, record);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await spawnSupervisor(options);
  try {
    return await roll(directory, spec, { ...(signal && { signal }) });
  } catch (error) {
    await stop(directory);
    throw error;
  }
}

/**
 * Rolls to another instance: it is proven away from the public port, then takes over without a failed request. Where
 * the proof fails, or `signal` aborts before the switch, the old one goes on.
 *
 * @throws Error with the reason and the end of the new instance's log.
 */
export async function roll(
  directory: string,
  spec: ServeSpec,
  { signal }: { signal?: AbortSignal } = {},
): Promise<FoundStatus> {
  const record = liveRecord(directory);
  if (!record) throw new Error(`${directory}: no supervisor runs here: start one first`);
  const status = await command<SupervisorStatus>(record, "roll", { body: spec, timeoutMs: rollWithinMs, signal });
  return { running: true, ...status };
}

/** What runs for a folder. Never throws: what can't be reached is a status too. */
export async function status(directory: string): Promise<FoundStatus> {
  const record = readRecord(directory);
  if (!record) return { running: false, reason: "stopped" };
  const { pid } = record;
  if (!isProcess(pid, record.id)) return { running: false, reason: "dead", pid };
  try {
    return { running: true, ...(await command<SupervisorStatus>(record, "status", { timeoutMs: statusWithinMs })) };
  } catch {
    // It may just have ended.
    return { running: false, reason: isProcess(pid, record.id) ? "unresponsive" : "dead", pid };
  }
}

/**
 * Stops a folder's supervisor and its instances, open requests first; one that doesn't answer is killed. No process and
 * no record stays. Where none runs there is nothing to do.
 */
export async function stop(directory: string): Promise<void> {
  const record = readRecord(directory);
  if (!record) return;
  if (isProcess(record.pid, record.id)) {
    // One that hangs is found out by its silence on a question that takes no time.
    const responsive = (await status(directory)).running;
    if (responsive) await command(record, "stop", { timeoutMs: stopWithinMs }).catch(() => {});
    if (!(await waitGone(record.pid, record.id, responsive ? 5000 : 0)))
      signalProcess(record.pid, record.id, "SIGKILL");
  }
  const last = readRecord(directory);
  // It may have started another instance meanwhile.
  await endRemains(directory, last?.id === record.id ? last : record);
}

/** Ends what a supervisor that is gone has left: instances that hang, and its record. */
async function endRemains(directory: string, { id, pid, instances }: SupervisorRecord): Promise<void> {
  for (const instance of instances) signalProcess(instance, id, "SIGKILL");
  for (const process of [pid, ...instances])
    if (!(await waitGone(process, id, 10_000))) throw new Error(`process ${process} can't be ended`);
  removeRecord(directory, id);
}

async function spawnSupervisor({ directory, host, port, spec }: StartOptions): Promise<void> {
  const log = openSync(join(directory, runFiles.log), "a", 0o600);
  const entry = join(import.meta.dirname, "supervisor.ts");
  const args = ["--supervisor", randomUUID(), "--host", host, "--port", String(port)];
  const child = spawn(spec.execPath, ["--disable-warning=ExperimentalWarning", entry, ...args], {
    cwd: directory,
    detached: true,
    // No credentials: those are for its instances, and come with their specs.
    env: { PATH: spec.env.PATH },
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const message = await new Promise<StartMessage>((resolve) => {
    child.once("message", (message) => resolve(message as StartMessage));
    child.once("error", ({ message }) => resolve({ kind: "failed", message }));
    child.once("exit", (code, signal) => {
      const how = signal ?? `status ${code}`;
      resolve({
        kind: "failed",
        message: `the supervisor ended with ${how}; its log is ${join(directory, runFiles.log)}`,
      });
    });
  });
  if (child.connected) child.disconnect();
  child.unref();
  if (message.kind === "failed") throw new Error(message.message);
}

function liveRecord(directory: string): SupervisorRecord | undefined {
  const record = readRecord(directory);
  return record && isProcess(record.pid, record.id) ? record : undefined;
}

async function command<T>(
  record: SupervisorRecord,
  name: string,
  options: { body?: unknown; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<T> {
  if (record.protocol !== protocol)
    throw new Error(`the supervisor (pid ${record.pid}) is of another release: stop it, then start it again`);
  const { body, status } = await requestJson(`http://127.0.0.1:${record.controlPort}/${name}`, {
    ...options,
    body: options.body ?? {},
    headers: { Authorization: `Bearer ${record.token}` },
  });
  if (status === 200) return body as T;
  throw new Error(
    (body as { error?: string } | undefined)?.error ?? `the supervisor answered ${name} with status ${status}`,
  );
}
