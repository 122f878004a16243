import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { parseArgs } from "node:util";
import { serveControl } from "./control-server.ts";
import { Fleet } from "./fleet.ts";
import { takeLock } from "./folder-lock.ts";
import { rotateLog } from "./log-file.ts";
import { PublicSocket } from "./public-socket.ts";
import { protocol, removeRecord, runFiles, type SupervisorRecord, writeRecord } from "./run-files.ts";
import type { ServeSpec, SupervisorStatus } from "./serve-spec.ts";

/** What a supervisor tells who started it. */
export type StartMessage = { readonly kind: "listening" } | { readonly kind: "failed"; readonly message: string };

const maxLogBytes = 10 * 2 ** 20;
const checkMs = 5000;

// The process that supervisor-client.ts starts, detached, in the folder that holds its files. It names them relative to
// that, so the folder may be moved while it runs.
await main().catch((error: Error) => {
  log(`failed: ${error.stack}`);
  process.send?.({ kind: "failed", message: error.message } satisfies StartMessage, undefined, undefined, () =>
    process.exit(1),
  );
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { supervisor: { type: "string" }, host: { type: "string" }, port: { type: "string" } },
  });
  const { supervisor: id = "", host = "127.0.0.1", port = "" } = values;
  const started = performance.now();
  if (!takeLock(runFiles.lock)) throw new Error(`${process.cwd()}: another supervisor runs in this folder`);
  const publicSocket = await PublicSocket.listen(host, Number(port));
  const token = randomBytes(32).toString("hex");
  let record: SupervisorRecord | undefined;
  const onInstances = (instances: readonly number[]) => {
    if (!record) return;
    record = { ...record, instances };
    attempt(() => writeRecord(".", record!));
  };
  const fleet = new Fleet({ publicSocket, id, onInstances, log });

  const stop = async (): Promise<void> => {
    log("stopping");
    await fleet.stop();
    removeRecord(".", id);
    log("stopped");
    // Once the answer to who asked is out.
    setImmediate(() => process.exit(0));
  };
  const status = async (): Promise<SupervisorStatus> => ({
    ...(await fleet.status()),
    host,
    port: publicSocket.port,
    pid: process.pid,
    uptimeMs: Math.round(performance.now() - started),
  });
  const controlPort = await serveControl(token, {
    status,
    stop,
    roll: async (spec, signal) => {
      await fleet.roll(spec as ServeSpec, signal);
      return status();
    },
  });
  record = { protocol, id, pid: process.pid, instances: [], controlPort, token, host, port: publicSocket.port };
  writeRecord(".", record);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
  process.on("SIGHUP", () => log("SIGHUP: the terminal has gone, going on"));
  const checks = setInterval(() => {
    attempt(() => rotateLog(runFiles.log, maxLogBytes));
    attempt(() => {
      if (statSync(runFiles.record, { throwIfNoEntry: false })) return;
      // Whoever deleted the folder has no other way left to stop it, and wants its port free.
      clearInterval(checks);
      stop();
    });
  }, checkMs).unref();
  log(`listening on ${host}:${publicSocket.port}`);
  process.send?.({ kind: "listening" } satisfies StartMessage);
}

/** Does what serving can go on without: a full disk, say, is no reason to end. */
function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    log((error as Error).message);
  }
}

/** A line of the log, in the shape of the instances' lines. */
function log(msg: string): void {
  console.log(JSON.stringify({ level: 30, time: new Date().toISOString(), pid: process.pid, name: "supervisor", msg }));
}
