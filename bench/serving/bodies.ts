import type { Answers } from "../../trainer/answers.ts";
import type { FeatureColumn } from "../../trainer/features/index.ts";

/** How an endpoint is asked for predictions, and what its answer says. */
export interface Asking {
  readonly path: string;
  body(features: readonly FeatureColumn[]): unknown;
  /** @throws TypeError where the answer has another shape. */
  answers(body: unknown): Answers;
}

/** `/predict` as users of the service know it. */
export const predict: Asking = {
  path: "/predict",
  body: (features) => ({ inputs: columnsOf(features), return_probabilities: true }),
  answers: readAnswer,
};

/** `/batch_predict` as users of the service know it. */
export const batchPredict: Asking = {
  path: "/batch_predict",
  body: (features) => ({ instances: rowsOf(features), return_probabilities: true }),
  answers: readAnswer,
};

/** MLflow's `/invocations`, in the fastest of the forms that it takes. */
export const invocations: Asking = {
  path: "/invocations",
  body: (features) => ({ inputs: columnsOf(features) }),
  answers(body) {
    const { predictions } = body as { predictions: readonly Record<string, number>[] };
    return {
      predictions: Float64Array.from(predictions, ({ label }) => label!),
      probabilities: Float64Array.from(
        predictions.flatMap(({ probability_0, probability_1 }) => [probability_0!, probability_1!]),
      ),
    };
  },
};

/** The first rows of a table. */
export function firstRows(features: readonly FeatureColumn[], rows: number): FeatureColumn[] {
  return features.map((feature) => ({ ...feature, values: feature.values.subarray(0, rows) }));
}

/** A table of `rows` rows, which repeats the given one as often as it takes. */
export function repeatRows(features: readonly FeatureColumn[], rows: number): FeatureColumn[] {
  return features.map((feature) => ({
    ...feature,
    values: Float64Array.from({ length: rows }, (_, row) => feature.values[row % feature.values.length]!),
  }));
}

function readAnswer(body: unknown): Answers {
  const { predictions, probabilities } = body as { predictions: number[]; probabilities: number[][] };
  return { predictions: Float64Array.from(predictions), probabilities: Float64Array.from(probabilities.flat()) };
}

function columnsOf(features: readonly FeatureColumn[]): Record<string, number[]> {
  return Object.fromEntries(features.map(({ name, values }) => [name, Array.from(values)]));
}

function rowsOf(features: readonly FeatureColumn[]): Record<string, number>[] {
  const rows = features[0]?.values.length ?? 0;
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(features.map(({ name, values }) => [name, values[row]!])),
  );
}
