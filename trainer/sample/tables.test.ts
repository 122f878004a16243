import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import test from "ava";
import { writeTables } from "./tables.ts";

const data = join(import.meta.dirname, "data");
const files = ["customer_purchases", "customer_support", "churn_labels"] as const;

async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  try {
    const connection = await instance.connect();
    await connection.run("set timezone = 'UTC'");
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    instance.closeSync();
  }
}

test("the committed tables are the rows that the purchases give, in the same order", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sample-"));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeTables(join(import.meta.dirname, "cdnow_transactions.csv.gz"), folder);
  for (const file of files) {
    const [made, kept] = [folder, data].map((at) => join(at, `${file}.parquet`));
    const numbered = (path?: string) =>
      `select *, file_row_number from read_parquet('${path}', file_row_number = true)`;
    const both = `(${numbered(made)} except all ${numbered(kept)}) union all (${numbered(kept)} except all ${numbered(made)})`;
    const [count] = await query(`select count(*) from (${both})`);
    t.deepEqual(count, [0n], file);
  }
});

test("labels split by time without a leak: training windows of 90 days end where the test begins", async (t) => {
  const labels = `'${join(data, "churn_labels.parquet")}'`;
  const [training] = await query(
    `select count(*), (max(event_timestamp) + INTERVAL 90 DAY)::VARCHAR from ${labels} where event_timestamp < '1998-01-01'`,
  );
  const [tested] = await query(
    `select count(*), min(event_timestamp)::VARCHAR from ${labels} where event_timestamp >= '1998-03-01'`,
  );
  t.deepEqual(training, [188_560n, "1998-03-15 00:00:00+00"]);
  t.deepEqual(tested, [47_140n, "1998-03-15 00:00:00+00"]);
});

test("no label's window reaches beyond the purchases", async (t) => {
  const rows = await query(
    `select (max(event_timestamp) + INTERVAL 90 DAY)::VARCHAR, min(churned), max(churned) from '${join(data, "churn_labels.parquet")}'`,
  );
  t.deepEqual(rows, [["1998-07-01 00:00:00+00", 0, 1]]);
});
