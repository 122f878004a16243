import { isObject } from "../features/feature-problem.ts";
import { FeatureServerError } from "./feature-server-error.ts";

/** One feature of all rows that were asked for, as Feast's feature server answers it. */
export interface FeatureVector {
  readonly values: readonly unknown[];
  readonly statuses: readonly unknown[];
  /** RFC 3339; absent where the server doesn't tell them. */
  readonly timestamps: readonly unknown[] | undefined;
}

/**
 * The features of an answer of `POST /get-online-features`. Their order in it isn't stable, so each is found by its name.
 *
 * @param names - `view__feature` of each feature.
 * @param rows - that were asked for.
 * @returns in the order of `names`.
 * @throws FeatureServerError where the answer isn't as Feast 0.67 makes it (feast/feature_server.py, OnlineFeaturesResponse), or
 *   lacks a feature: the service there is no longer what the model was trained from.
 */
export function onlineFeatures(answer: unknown, names: readonly string[], rows: number): FeatureVector[] {
  const found = isObject(answer) && isObject(answer.metadata) ? answer.metadata.feature_names : undefined;
  const results = isObject(answer) ? answer.results : undefined;
  if (!Array.isArray(found) || !Array.isArray(results) || found.length !== results.length)
    throw new FeatureServerError(
      "expected metadata.feature_names and as many results, which is what Feast's feature server answers",
    );
  return names.map((name) => {
    const at = found.indexOf(name);
    if (at < 0)
      throw new FeatureServerError(
        `expected the feature ${name}, which the model was trained with, got ${found.join(", ")}`,
      );
    return vector(results[at], name, rows);
  });
}

function vector(result: unknown, name: string, rows: number): FeatureVector {
  const { values, statuses, event_timestamps } = isObject(result) ? result : {};
  for (const array of [values, statuses, event_timestamps ?? values])
    if (!Array.isArray(array) || array.length !== rows)
      throw new FeatureServerError(`expected ${rows} values, statuses and event_timestamps of ${name}, one a row`);
  return {
    values: values as unknown[],
    statuses: statuses as unknown[],
    timestamps: event_timestamps as unknown[] | undefined,
  };
}
