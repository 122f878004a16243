import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fromYaml, toYaml, type YamlMapping } from "../yaml.ts";

/** The file in which each folder of a file store says what it is. */
const metaFile = "meta.yaml";

/** A file's text, or undefined where there is none. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A folder's meta.yaml, or undefined where it is missing or still empty. @throws MlflowError where it is no YAML mapping. */
export async function readMeta(dir: string): Promise<YamlMapping | undefined> {
  const file = join(dir, metaFile);
  const text = await readText(file);
  return text === undefined ? undefined : fromYaml(text, file);
}

/** Writes a folder's meta.yaml, whole at every moment. */
export async function writeMeta(dir: string, meta: YamlMapping): Promise<void> {
  await replaceFile(join(dir, metaFile), toYaml(meta), dir);
}

/**
 * Writes a file so that a reader sees the old or the new content, never a part.
 *
 * @param stagingDir Where the temporary file goes, on the same file system: MLflow takes each file of a `tags` or
 *   `aliases` folder for an entry, so theirs can't lie beside them.
 */
export async function replaceFile(file: string, content: string, stagingDir: string): Promise<void> {
  const temporary = join(stagingDir, `.${randomUUID()}.tmp`);
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes files by their names, which may hold "/", into a folder that nobody reads yet. */
export async function writeFiles(dir: string, files: Iterable<readonly [string, Uint8Array | string]>): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, content] of files) {
    const file = join(dir, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { flush: true });
  }
}

/** The texts of all files below a folder, by their names with "/"; none where there is no such folder. */
export async function readTexts(dir: string): Promise<Record<string, string>> {
  if (!(await exists(dir))) return {};
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const texts: Record<string, string> = {};
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const text = await readText(file);
    if (text !== undefined) texts[relative(dir, file).split(sep).join("/")] = text;
  }
  return texts;
}

/** Names of the folders in a folder, in order; none where there is no such folder. */
export async function listFolders(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}
