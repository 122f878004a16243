import { withDuckDB } from "../../trainer/features/duckdb.ts";
import { identifier, literal } from "../../trainer/features/sql.ts";

/**
 * Counts the cells in which two Parquet files differ, row by row and column by column; a row or a column that only one
 * of them has counts with all of its cells.
 *
 * @param rowKey - columns that tell the rows apart.
 */
export async function differingCells(one: string, other: string, rowKey: readonly string[]): Promise<number> {
  return withDuckDB(async (connection) => {
    const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
    const describe = async (path: string) => {
      const columns = (await rows(`describe from ${literal(path)}`)).map(([name]) => String(name));
      const [counts] = await rows(`select count(*), count(distinct (${rowKey.map(identifier)})) from ${literal(path)}`);
      if (counts?.[0] !== counts?.[1]) throw new Error(`${rowKey} don't tell the rows of ${path} apart: ${counts}`);
      return { columns, count: Number(counts?.[0]) };
    };
    const [mine, theirs] = [await describe(one), await describe(other)];
    const shared = mine.columns.filter((name) => theirs.columns.includes(name));
    const alone =
      (mine.columns.length - shared.length) * mine.count + (theirs.columns.length - shared.length) * theirs.count;
    const differ = shared.map((name) => `(a.${identifier(name)} is distinct from b.${identifier(name)})::integer`);
    const matched = rowKey
      .map((name) => `a.${identifier(name)} is not distinct from b.${identifier(name)}`)
      .join(" and ");
    const from = `${literal(one)} a full join ${literal(other)} b on ${matched}`;
    const [sum] = await rows(`select coalesce(sum(${differ.join(" + ")}), 0) from ${from}`);
    return alone + Number(sum?.[0]);
  });
}
