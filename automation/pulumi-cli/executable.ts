import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const suffix = process.platform === "win32" ? ".exe" : "";

/** The program `name` in one of `folders`: the first file that may be executed, as an absolute path. */
export function findExecutable(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name + suffix)).find(isExecutable);
}

/** The folders of a PATH. */
export function pathFolders(path = ""): string[] {
  return path.split(delimiter).filter((folder) => folder !== "");
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
