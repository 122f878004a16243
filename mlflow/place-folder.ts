import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { MlflowError } from "./error.ts";

/**
 * Fills a temporary folder beside `dir` and renames it to `dir`, which is then there whole or not at all.
 *
 * @param fill Writes the files into the folder it is given.
 * @throws MlflowError where `dir` exists and holds something.
 */
export async function placeFolder(dir: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const target = resolve(dir);
  const temporary = `${target}.${randomUUID().slice(0, 8)}.part`;
  await mkdir(dirname(target), { recursive: true });
  await mkdir(temporary);
  try {
    await fill(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (isOccupied(error)) throw new MlflowError(`${dir}: expected no such folder, or an empty one`, { cause: error });
    throw error;
  }
}

/** Whether a rename failed since something is there already. */
export function isOccupied(error: unknown): boolean {
  return ["EEXIST", "ENOTEMPTY", "EPERM", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}
