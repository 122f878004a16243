import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** Runs a piece of work on a DuckDB of its own, in memory, whose time zone is UTC as Feast's is. */
export async function withDuckDB<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  // What doesn't fit into memory is spilled here, and removed at the end; the default is a folder in the current one.
  const temp_directory = join(tmpdir(), `duckdb-${randomUUID()}`);
  const instance = await DuckDBInstance.create(":memory:", { temp_directory, autoinstall_known_extensions: "false" });
  try {
    const connection = await instance.connect();
    try {
      await connection.run("set timezone = 'UTC'");
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
