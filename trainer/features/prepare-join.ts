import type { DuckDBConnection } from "@duckdb/node-api";
import { entityTable, eventTimestamp, find } from "./entity-table.ts";
import { FeatureError } from "./feature-error.ts";
import type { FeatureRepository } from "./feature-repository.ts";
import { featureValue, type JoinedView, joinClause, tiesQuery } from "./point-in-time-join.ts";
import type { Selection } from "./resolve-features.ts";
import { type Column, kindOf, type Table } from "./table.ts";
import { type ViewTable, viewTable } from "./view-table.ts";

/** A selected feature in the join. */
export interface JoinedFeature {
  readonly name: string;
  /** Its column in the view's files. */
  readonly column: Column;
  /** Its value for an entity row. */
  readonly sql: string;
}

/** The parts of a query over the joined rows: `select … from ${from}`. */
export interface PreparedJoin {
  /** Each entity row once, as `entity`: its columns, `at` (its time) and `place` (its number in the file). */
  readonly from: string;
  readonly entities: Table;
  /** Columns of the entity table that the views are joined by. */
  readonly keys: readonly Column[];
  /** In the order of the selection. */
  readonly features: readonly JoinedFeature[];
}

/**
 * Opens the files of a selection and of the entity rows, and checks that they can be joined.
 *
 * @throws FeatureError where a file or column is missing or of a wrong type, or a timestamp can't be parsed.
 */
export async function prepareJoin(
  connection: DuckDBConnection,
  repository: FeatureRepository,
  selection: Selection,
  entityPath: string,
): Promise<PreparedJoin> {
  const tables: ViewTable[] = [];
  for (const view of selection.views) tables.push(await viewTable(connection, view, repository.dir));
  const entities = await entityTable(connection, entityPath, keyTypes(tables));
  const time = find(entities, eventTimestamp)!;
  await checkTimes(connection, entities, time);
  const views: JoinedView[] = [];
  for (const table of tables) {
    checkKeys(table, entities);
    await checkTimes(connection, table.table, table.timestamp);
    if (table.created) await checkTimes(connection, table.table, table.created);
    const ties = (await connection.runAndReadAll(tiesQuery(table))).currentRowCount > 0;
    views.push({ table, ties });
  }
  const from = joinClause(
    {
      from: `(select *, cast(${time.sql} as timestamptz) as at, row_number() over () as place from ${entities.from("rows")})`,
      key: (name) => find(entities, name)!.sql,
    },
    views,
  );
  const joined = new Map(
    views.flatMap(({ table }, place) =>
      table.view.features.map(({ name }, feature) => {
        const column = table.features[feature]!;
        return [name, { name, column, sql: featureValue(views, place, feature) }] as const;
      }),
    ),
  );
  const keys = [...keyTypes(tables).keys()].map((name) => find(entities, name)!);
  return { from, entities, keys, features: selection.features.map(({ name }) => joined.get(name)!) };
}

/** Columns that the entity rows need, with the type of their counterpart in the feature data. */
function keyTypes(tables: readonly ViewTable[]): Map<string, string> {
  const types = new Map<string, string>();
  for (const { view, keys } of tables)
    for (const [place, { entity }] of view.joinKeys.entries())
      if (!types.has(entity)) types.set(entity, keys[place]!.type);
  return types;
}

function checkKeys({ view, table, keys }: ViewTable, entities: Table): void {
  for (const [place, { entity }] of view.joinKeys.entries()) {
    const [here, there] = [find(entities, entity)!, keys[place]!];
    const kind = kindOf(here.type);
    if (kind === kindOf(there.type) && (kind !== "other" || here.type === there.type)) continue;
    throw new FeatureError(
      `expected ${entity} in ${entities.path} to be ${there.type}, as join key ${there.name} of feature view ` +
        `${view.view.name} is in ${table.path}, got ${here.type}: convert one of them`,
    );
  }
}

async function checkTimes(connection: DuckDBConnection, table: Table, column: Column): Promise<void> {
  if (kindOf(column.type) !== "text") return;
  const rows = `select row_number() over () as place, ${column.sql} as value from ${table.from("rows")}`;
  const sql = `select place, value from (${rows}) where value is not null and try_cast(value as timestamptz) is null limit 1`;
  const [bad] = (await connection.runAndReadAll(sql)).getRows();
  if (!bad) return;
  throw new FeatureError(
    `expected ${column.name} in row ${bad[0]} of ${table.path} to be a time such as 2024-05-01 10:30:00 (UTC) or ` +
      `2024-05-01T10:30:00+02:00, got ${JSON.stringify(bad[1])}`,
  );
}
