import { copyFile, rename } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";

/** Replaces a Parquet file by what `select` makes of its rows; {@link restoreTable} puts it back. */
export async function rewriteTable(path: string, select: string): Promise<void> {
  await copyFile(path, original(path));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run(
      `copy (select ${select} from read_parquet('${original(path)}')) to '${path}' (format parquet)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Puts the file that {@link rewriteTable} replaced back. */
export async function restoreTable(path: string): Promise<void> {
  await rename(original(path), path);
}

function original(path: string): string {
  return `${path}.original`;
}
