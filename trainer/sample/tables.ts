import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { literal } from "../features/sql.ts";

/** A number in [0, 2^32) from a customer id, the same in every version of DuckDB (Knuth's multiplicative hash). */
const hash = "create macro scramble(id) as (id * 2654435761) % 4294967296";

const months = `
  create table months as
  select d::DATE as day from range(DATE '1997-05-01', DATE '1998-04-02', INTERVAL 1 MONTH) r(d)`;

const purchases = `
  create table purchases as
  select m.day, p.customer_id, count(*) as n, sum(p.amount) as total, max(p.date) as last, min(p.date) as first
  from months m join log p on p.date < m.day
  group by all`;

const customerPurchases = `
  select customer_id, n as total_purchases, total::DOUBLE / n as avg_purchase_value,
    (day - last)::BIGINT as days_since_last_purchase, total::DOUBLE as customer_lifetime_value,
    (day - first)::BIGINT as account_age_days,
    day::TIMESTAMPTZ as event_timestamp, day::TIMESTAMPTZ + INTERVAL 6 HOUR as created_timestamp
  from purchases order by day, customer_id`;

/**
 * Simulated from the customer id alone: one customer in four never opens a ticket, any other opens one each 60 to 359
 * days. Counted in the middle of each month and written 30 hours later; about one count in 150 had been written before, a
 * ticket short, under the same event timestamp, so that the created timestamp decides.
 */
const customerSupport = `
  with middles as (
    select (day - INTERVAL 1 MONTH + INTERVAL 14 DAY)::DATE as day from months
  ), counted as (
    select customer_id, day, scramble(customer_id) as h, 60 + (h // 1024) % 300 as period,
      case when h % 4 = 0 then 0 else ((day - DATE '1997-01-01') + (h // 7) % period) // period end as tickets
    from customers, middles
  ), written as (
    select customer_id, tickets, day, 30 as hours from counted
    union all
    select customer_id, tickets - 1, day, 6 from counted
    where tickets > 0 and (scramble(customer_id) // 16 + month(day)) % 100 = 0
  )
  select customer_id, tickets::BIGINT as support_tickets_count, day::TIMESTAMPTZ as event_timestamp,
    day::TIMESTAMPTZ + to_hours(hours) as created_timestamp
  from written order by event_timestamp, customer_id, created_timestamp`;

/**
 * Each label lies 1 to 27 days after its snapshot, by customer and month. December's lie in the first half of the month
 * and March's in the second, so that December's 90 days are over where March's begin. April's lie on the 2nd: the last
 * day whose 90 days the log covers.
 */
const churnLabels = `
  with labels as (
    select customer_id, case month(m.day)
        when 12 then m.day + 1 + (scramble(customer_id) // 64 % 14)::INTEGER
        when 3 then m.day + 14 + (scramble(customer_id) // 64 % 14)::INTEGER
        when 4 then m.day + 1
        else m.day + 1 + ((scramble(customer_id) // 64 + month(m.day) * 5) % 27)::INTEGER end as day
    from customers, months m
  )
  select customer_id, day::TIMESTAMPTZ as event_timestamp,
    (not exists (from log where log.customer_id = labels.customer_id and date >= day and date < day + 90))::INTEGER
      as churned
  from labels order by event_timestamp, customer_id`;

const tables = {
  customer_purchases: customerPurchases,
  customer_support: customerSupport,
  churn_labels: churnLabels,
};

/**
 * Writes the sample's Parquet files into a folder: `customer_purchases`, `customer_support` and `churn_labels`, the
 * same rows in the same order each time.
 *
 * @param log - CDNOW's purchases: CSV of customer_id, date, quantity, amount.
 */
export async function writeTables(log: string, folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run("set timezone = 'UTC'");
    await connection.run(hash);
    const columns = "{customer_id: 'BIGINT', date: 'DATE', quantity: 'BIGINT', amount: 'DECIMAL(12, 2)'}";
    await connection.run(`create table log as from read_csv(${literal(log)}, columns = ${columns})`);
    await connection.run("create table customers as select distinct customer_id from log");
    await connection.run(months);
    await connection.run(purchases);
    await mkdir(folder, { recursive: true });
    for (const [name, query] of Object.entries(tables)) {
      const path = join(folder, `${name}.parquet`);
      const options = "format parquet, compression zstd, compression_level 19, parquet_version v2";
      await connection.run(`copy (${query}) to ${literal(`${path}.part`)} (${options})`);
      await rename(`${path}.part`, path);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
