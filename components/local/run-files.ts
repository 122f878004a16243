import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a supervisor writes of itself into its folder, readable for its user alone. */
export interface SupervisorRecord {
  /** Of the messages between supervisor, client and instances. */
  readonly protocol: number;
  /** In the command line of the supervisor and of its instances. */
  readonly id: string;
  readonly pid: number;
  /** Its instances. */
  readonly instances: readonly number[];
  /** On 127.0.0.1. */
  readonly controlPort: number;
  /** What a client shows at the control port. */
  readonly token: string;
  readonly host: string;
  readonly port: number;
}

/** Raised when a supervisor and the client or instance of another clone could no longer understand each other. */
export const protocol = 3;

/** Files of a supervisor's folder. */
export const runFiles = { record: "supervisor.json", lock: "supervisor.lock", log: "server.log" } as const;

/** The record in a folder; undefined where there is none, or none that can be read. */
export function readRecord(directory: string): SupervisorRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, runFiles.record), "utf8"));
  } catch {
    return undefined;
  }
}

/** Replaces the record, whole or not at all. */
export function writeRecord(directory: string, record: SupervisorRecord): void {
  writePrivately(join(directory, runFiles.record), JSON.stringify(record));
}

/** Removes the record if it is that supervisor's. */
export function removeRecord(directory: string, id: string): void {
  if (readRecord(directory)?.id === id) rmSync(join(directory, runFiles.record), { force: true });
}

/** Writes a file for this user alone. */
export function writePrivately(path: string, text: string): void {
  const part = `${path}.${randomUUID()}.part`;
  writeFileSync(part, text, { mode: 0o600 });
  renameSync(part, path);
}
