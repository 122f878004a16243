import type { FeatureServiceSpec } from "../../mlflow/model-folder.ts";
import type { FeatureColumn } from "../features/feature-column.ts";
import { describe, type FeatureProblem, maxProblems, memberPath, shorten } from "../features/feature-problem.ts";
import type { FeatureRows } from "../features/feature-rows.ts";
import { emptyRows, type RowsInTheMaking, writeValue } from "../features/write-row.ts";
import { timestamp } from "../timestamp.ts";
import type { FeatureVector } from "./online-features.ts";
import type { EntityRows } from "./read-entities.ts";
import type { MaxFeatureAge } from "./settings.ts";

/** Features of entities, as rows for the model. */
export interface LookedUp {
  readonly rows: FeatureRows;
  /** The oldest event timestamp of each row's features, ms since the epoch; NaN where nothing tells it. */
  readonly asOf: Float64Array;
}

/** Makes rows of what a feature server answers, part by part, and finds what is wrong with them. */
export class FeatureCollector implements LookedUp {
  readonly rows: RowsInTheMaking;
  readonly asOf: Float64Array;
  /** At most {@link maxProblems}. */
  readonly problems: FeatureProblem[] = [];
  /** Rows with a feature that is older than its view's TTL, which training took as missing. */
  rowsOutsideTtl = 0;
  readonly #service: FeatureServiceSpec;
  readonly #columns: readonly FeatureColumn[];
  readonly #entities: EntityRows;
  readonly #maxAge: MaxFeatureAge;
  readonly #now = Date.now();

  /** @param columns - of the model, in the order of the service's features. */
  constructor(
    service: FeatureServiceSpec,
    columns: readonly FeatureColumn[],
    entities: EntityRows,
    maxAge: MaxFeatureAge,
  ) {
    this.rows = emptyRows(columns, entities.count);
    this.asOf = new Float64Array(entities.count).fill(Number.NaN);
    this.#service = service;
    this.#columns = columns;
    this.#entities = entities;
    this.#maxAge = maxAge;
  }

  /** @param vectors - of the service's features in order, for the rows from `from` on. */
  add(from: number, vectors: readonly FeatureVector[]): void {
    const count = vectors[0]!.values.length;
    for (let place = 0; place < count && this.problems.length < maxProblems; place++) {
      const row = from + place;
      if (vectors.every(({ statuses }) => statuses[place] === "NOT_FOUND")) {
        this.#refuseEntity(row);
        continue;
      }
      let outsideTtl = false;
      for (let at = 0; at < vectors.length; at++) if (this.#addValue(row, at, vectors[at]!, place)) outsideTtl = true;
      if (outsideTtl) this.rowsOutsideTtl++;
    }
  }

  /** @returns whether the value is older than its view's TTL. */
  #addValue(row: number, at: number, { values, statuses, timestamps }: FeatureVector, place: number): boolean {
    const column = this.#columns[at]!;
    const value = statuses[place] === "NOT_FOUND" ? null : toJson(values[place], column);
    if (value === null) {
      if (!column.optional) this.#refuse(row, column.name, "missing", column.expected, "no value");
      return false;
    }
    const time = timeOf(timestamps?.[place]);
    const age = (this.#now - time) / 1000;
    const ttl = this.#service.features[at]!.ttlSeconds || Number.POSITIVE_INFINITY;
    const outsideTtl = age > ttl || statuses[place] === "OUTSIDE_MAX_AGE";
    const limit = this.#maxAge === "any" ? Number.POSITIVE_INFINITY : this.#maxAge === "ttl" ? ttl : this.#maxAge;
    // Written so that an age that nothing tells is beyond any limit.
    if ((limit < Number.POSITIVE_INFINITY && !(age <= limit)) || (outsideTtl && this.#maxAge === "ttl")) {
      if (!column.optional)
        this.#refuse(row, column.name, "stale", `a value of the last ${limit} s`, `one of ${timeText(time)}`);
      return outsideTtl;
    }
    if (!writeValue(this.rows, this.#columns, row, at, value))
      this.#refuse(row, column.name, "type", column.expected, describe(values[place]));
    if (time < this.asOf[row]! || Number.isNaN(this.asOf[row])) this.asOf[row] = time;
    return outsideTtl;
  }

  #refuseEntity(row: number): void {
    const expected = `an entity that has features in the feature service ${this.#service.name}`;
    this.problems.push({ path: this.#path(row), problem: "unknown_entity", expected, received: this.#entity(row) });
  }

  #refuse(row: number, feature: string, problem: FeatureProblem["problem"], expected: string, received: string): void {
    if (this.problems.length >= maxProblems) return;
    this.problems.push({
      path: this.#path(row),
      feature,
      problem,
      expected: `feature ${feature} to be ${expected}`,
      received: `${received} for ${this.#entity(row)}`,
    });
  }

  #path(row: number): string {
    return `${memberPath("entities", this.#entities.keys[0]!.name)}[${row}]`;
  }

  #entity(row: number): string {
    return this.#entities.keys.map(({ name, values }) => `${name} ${shorten(values[row]!)}`).join(", ");
  }
}

/** A value of Feast's as a request would have it: of a number column a boolean is 0 or 1, and NaN, which JSON lacks, null. */
function toJson(value: unknown, { text }: FeatureColumn): unknown {
  if (text) return value;
  if (typeof value === "boolean") return Number(value);
  return value === "NaN" ? null : value;
}

/** Milliseconds since the epoch. The epoch itself is how Feast writes that there is no time. */
function timeOf(text: unknown): number {
  return (typeof text === "string" && Date.parse(text)) || Number.NaN;
}

function timeText(time: number): string {
  return Number.isNaN(time) ? "unknown time" : timestamp(time);
}
