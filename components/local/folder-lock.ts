import { chmodSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/**
 * Takes the lock of a file, to hold it until this process ends. The lock is the kernel's (SQLite's exclusive one), so
 * none is left behind by a process that was killed or by a reboot.
 *
 * @returns whether this process has it now.
 */
export function takeLock(path: string): boolean {
  const database = new DatabaseSync(path, { timeout: 0 });
  chmodSync(path, 0o600);
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (/locked|busy/i.test((error as Error).message)) return false;
    throw error;
  }
  held.add(database);
  return true;
}

/** Keeps the databases from being collected, which would close them. */
const held = new Set<DatabaseSync>();
