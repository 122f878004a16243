import type { DuckDBConnection } from "@duckdb/node-api";
import type { FeatureServiceSpec } from "../../mlflow/model-folder.ts";
import { withDuckDB } from "./duckdb.ts";
import { FeatureError } from "./feature-error.ts";
import type { FeatureRepository } from "./feature-repository.ts";
import { featureServiceSpec } from "./feature-service.ts";
import { type PreparedJoin, prepareJoin } from "./prepare-join.ts";
import { type FeatureSelection, resolveFeatures, type SelectedFeature } from "./resolve-features.ts";
import { readTrainingSet, type TrainingSet } from "./training-set.ts";
import { writeParquet } from "./write-parquet.ts";

/** Options of {@link historicalFeatures}. */
export interface HistoricalFeaturesOptions {
  /**
   * Name the columns `view__feature`, as two views with a feature of the same name need it.
   * @default false
   */
  readonly fullFeatureNames?: boolean;
}

/** A retrieval that is resolved, and runs when its result is asked for. */
export interface RetrievalJob {
  /** In the order that was asked for. */
  readonly features: readonly SelectedFeature[];
  /** How the features of entities are looked up online; undefined where they were selected one by one. */
  readonly featureService: FeatureServiceSpec | undefined;
  /**
   * The joined rows as numbers, for training.
   *
   * @param label - a column of the entity rows.
   */
  toTrainingSet(label: string): Promise<TrainingSet>;
  /**
   * Writes the entity rows, in their order and with all of their columns, and their features beside them. The file is
   * written under another name and renamed.
   *
   * @returns the number of rows.
   */
  toParquet(path: string): Promise<number>;
}

/**
 * Point-in-time features of entity rows, equal to those of Feast's `duckdb` offline store.
 *
 * Where it differs: a join key map that names some of a view's join keys leaves the others as they are (that store joins
 * by the named ones alone), and of several feature rows with the same keys, timestamp and created timestamp always the
 * same one wins.
 *
 * @param entities - path of the entity rows: Parquet or CSV with the join keys, event_timestamp and anything else.
 * @throws FeatureError where the selection names what isn't there or can't be joined; the job's methods throw it where
 * the files are wrong.
 */
export function historicalFeatures(
  repository: FeatureRepository,
  selection: FeatureSelection,
  entities: string,
  { fullFeatureNames = false }: HistoricalFeaturesOptions = {},
): RetrievalJob {
  const resolved = resolveFeatures(repository, selection, fullFeatureNames);
  const run = <T>(work: (connection: DuckDBConnection, join: PreparedJoin) => Promise<T>) =>
    withDuckDB(async (connection) => {
      try {
        return await work(connection, await prepareJoin(connection, repository, resolved, entities));
      } catch (cause) {
        if (cause instanceof FeatureError) throw cause;
        throw new FeatureError(`cannot join the features of ${repository.dir} to the rows of ${entities}: ${cause}`, {
          cause,
        });
      }
    });
  return {
    features: resolved.features,
    featureService:
      "service" in selection ? featureServiceSpec(repository.project, selection.service, resolved) : undefined,
    toTrainingSet: (label) => run((connection, join) => readTrainingSet(connection, join, resolved, label)),
    toParquet: (path) => run((connection, join) => writeParquet(connection, join, path)),
  };
}
