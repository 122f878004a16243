import type { DuckDBConnection } from "@duckdb/node-api";
import { find } from "./entity-table.ts";
import { type NumericType, numericType } from "./feast-type.ts";
import { featureDefinitions } from "./feature-definitions.ts";
import { FeatureError, listed } from "./feature-error.ts";
import type { PreparedJoin } from "./prepare-join.ts";
import type { Selection } from "./resolve-features.ts";
import { kindOf } from "./table.ts";

/** A feature of every row. */
export interface FeatureColumn {
  readonly name: string;
  readonly type: NumericType;
  /** NaN = missing; a boolean is 0 or 1. */
  readonly values: Float64Array;
}

/** Rows to train on, ordered by event_timestamp, then join keys, label and features, whatever the files' order. */
export interface TrainingSet {
  readonly rows: number;
  /** In the selection's order. */
  readonly features: readonly FeatureColumn[];
  /** Milliseconds since the epoch, UTC. */
  readonly eventTimestamp: Float64Array;
  /** As found; NaN = missing. */
  readonly label: Float64Array;
  readonly labelName: string;
  /** Each feature's definition as one line of canonical JSON, without paths and times: what a change of it changes. */
  readonly definitions: readonly string[];
}

/**
 * Reads the joined rows as numbers.
 *
 * @throws FeatureError where the label or a feature is missing or no number, or a row has no event_timestamp.
 */
export async function readTrainingSet(
  connection: DuckDBConnection,
  join: PreparedJoin,
  selection: Selection,
  labelName: string,
): Promise<TrainingSet> {
  const types = selection.features.map(({ view, feature, type }, place) => {
    const numeric = numericType(type);
    const { type: found } = join.features[place]!.column;
    if (numeric && isNumber(found)) return numeric;
    const got = numeric ? `${type} in its definition, but ${found} in its file` : type;
    throw new FeatureError(
      `expected feature ${view}:${feature} to be Int32, Int64, Float32, Float64 or Bool to train on, got ${got}: ` +
        "leave it out, or encode it as a number in the feature view",
    );
  });
  const values = [labelOf(join, labelName), ...join.features.map(({ sql }) => sql)];
  const columns = ["epoch_us(entity.at) / 1000", ...values].map((sql, place) => `cast(${sql} as double) as x${place}`);
  const order = ["entity.at", ...join.keys.map(({ sql }) => `entity.${sql}`), ...values.map((_, i) => `x${i + 1}`)];
  const sql = `select ${columns.join(", ")} from ${join.from} order by ${order.map((by) => `${by} nulls last`).join(", ")}`;
  const [eventTimestamp, label, ...features] = await readDoubles(connection, sql);
  const untimed = eventTimestamp!.reduce((count, time) => count + (Number.isNaN(time) ? 1 : 0), 0);
  if (untimed > 0)
    throw new FeatureError(
      `expected event_timestamp in every row of ${join.entities.path} to train on, ${untimed} of ` +
        `${eventTimestamp!.length} rows have none: remove them`,
    );
  return {
    rows: eventTimestamp!.length,
    features: types.map((type, place) => ({ name: selection.features[place]!.name, type, values: features[place]! })),
    eventTimestamp: eventTimestamp!,
    label: label!,
    labelName,
    definitions: featureDefinitions(selection),
  };
}

const isNumber = (type: string) => ["number", "boolean"].includes(kindOf(type));

function labelOf({ entities }: PreparedJoin, name: string): string {
  const column = find(entities, name);
  if (column && isNumber(column.type)) return `entity.${column.sql}`;
  throw new FeatureError(
    column
      ? `expected the label ${name} in ${entities.path} to be a number or boolean, got ${column.type}`
      : `expected the label ${name} in ${entities.path}: its columns are ${listed(entities.columns.map((c) => c.name))}`,
  );
}

/** The columns of a query of doubles; null is NaN. */
async function readDoubles(connection: DuckDBConnection, sql: string): Promise<Float64Array[]> {
  const result = await connection.run(sql);
  const columns = Array.from({ length: result.columnCount }, () => new Float64Array(Number(result.rowCount)));
  let start = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const [place, column] of columns.entries()) {
      const vector = chunk.getColumnVector(place);
      for (let row = 0; row < chunk.rowCount; row++)
        column[start + row] = (vector.getItem(row) as number | null) ?? NaN;
    }
    start += chunk.rowCount;
  }
  return columns;
}
