import { mkdtempSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { readModelFolder } from "../model-folder.ts";
import { type MlflowStore, versionTags } from "../store.ts";

/** A folder for a test file's stores, removed when its tests have ended. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "file-store-"));
  test.after.always(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A place for a file store inside a test's folder; the store makes it. */
export async function newRoot(folder: string): Promise<string> {
  return join(await mkdtemp(join(folder, "store-")), "mlruns");
}

/**
 * Downloads a version into a test's folder, and checks that it is whole.
 *
 * @returns The SHA-256 of its ONNX file.
 */
export async function download(store: MlflowStore, model: string, number: string, folder: string): Promise<string> {
  const version = await store.getVersion(model, number);
  if (version === undefined) throw new Error(`no version ${number}`);
  const dir = join(await mkdtemp(join(folder, "model-")), "model");
  await store.downloadModel(version, dir);
  const { sha256 } = await readModelFolder(dir);
  if (sha256 !== version.tags[versionTags.sha256])
    throw new Error(`version ${number} has other bytes than its tag says`);
  return sha256;
}
