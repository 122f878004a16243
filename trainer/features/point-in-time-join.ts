import type { ViewTable } from "./view-table.ts";

/** How the entity rows are read: a relation with the column `at` (TIMESTAMPTZ) and the columns of the join keys. */
export interface EntityRelation {
  /** What comes after FROM, without an alias. */
  readonly from: string;
  /** Column of the entity table → SQL of it inside the relation. */
  readonly key: (name: string) => string;
}

/** A view to join, and whether several of its rows have the same keys and timestamp. */
export interface JoinedView {
  readonly table: ViewTable;
  readonly ties: boolean;
}

/** Time of a feature row, in Feast's terms: naive ones are UTC. */
const utc = (sql: string) => `cast(${sql} as timestamptz)`;

/**
 * SQL that finds out whether a view has several rows of the same keys and timestamp: it gives a row where it has.
 */
export function tiesQuery({ table, keys, timestamp }: ViewTable): string {
  const groups = [...keys.map(({ sql }) => sql), utc(timestamp.sql)].join(", ");
  return `select 1 from ${table.from("source")} where ${timestamp.sql} is not null group by ${groups} having count(*) > 1 limit 1`;
}

/**
 * The point-in-time join: each entity row, once, with the latest feature row of its keys that is not later than its
 * time and not older than the view's TTL (both bounds inclusive); of several with the same timestamp the one created
 * last. A null in that row stays null; without such a row the features are null.
 *
 * In the FROM clause that it gives, the entity rows are `entity`; the features are read with {@link featureValue}.
 *
 * Semantics: Feast 0.67, `sdk/python/feast/infra/offline_stores/ibis.py`.
 */
export function joinClause(entities: EntityRelation, views: readonly JoinedView[]): string {
  const joins = views.map(({ table, ties }, place) => {
    const keys = table.view.joinKeys.map(({ entity }, key) => `entity.${entities.key(entity)} = v${place}.k${key}`);
    const conditions = [...keys, `entity.at >= v${place}.ts`].join(" and ");
    return `asof left join (${viewRows(table, ties)}) as v${place} on ${conditions}`;
  });
  return [`${entities.from} as entity`, ...joins].join("\n");
}

/** SQL of a feature in {@link joinClause}, null where the row found is older than the view's TTL. */
export function featureValue(views: readonly JoinedView[], place: number, feature: number): string {
  const { ttl } = views[place]!.table.view.view;
  const column = `v${place}.f${feature}`;
  return ttl === 0 ? column : `case when v${place}.ts + to_microseconds(${ttl}) >= entity.at then ${column} end`;
}

function viewRows({ table, keys, timestamp, created, features }: ViewTable, ties: boolean): string {
  const columns = [
    ...keys.map(({ sql }, key) => `${sql} as k${key}`),
    `${utc(timestamp.sql)} as ts`,
    ...features.map(({ sql }, feature) => `${sql} as f${feature}`),
  ];
  const rows = `select ${columns.join(", ")} from ${table.from("source")} where ${timestamp.sql} is not null`;
  if (!ties) return rows;
  const group = [...keys.map((_, key) => `k${key}`), "ts"].join(", ");
  // Feast leaves it open which of several rows with the same created timestamp wins: here it is the greatest.
  const order = [...(created ? [utc(created.sql)] : []), ...features.map((_, feature) => `f${feature}`)];
  const last = order.map((sql) => `${sql} desc nulls last`).join(", ");
  return `${rows} qualify row_number() over (partition by ${group} order by ${last}) = 1`;
}
