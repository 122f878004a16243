import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { stackFile } from "./backend.ts";

/** Whether a killed run was creating something: the engine keeps such entries, and wants to be told to drop them. */
export async function hasPendingCreates(folder: string, projectName: string, stack: string): Promise<boolean> {
  const file = stackFile(folder, projectName, stack);
  if (!existsSync(file)) return false;
  const { checkpoint } = JSON.parse(await readFile(file, "utf8"));
  const pending: { type: string }[] = checkpoint.latest?.pending_operations ?? [];
  return pending.some(({ type }) => type === "creating");
}
