import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import { InvalidFeatures } from "../features/feature-problem.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

/**
 * Runs a model once on two rows, of zeros and of ones, which shows what its graph only declares: that it runs, and which
 * shapes come out of it.
 *
 * @returns undefined where it refused their values, as a graph does that wasn't trained on them.
 * @throws {@link UnsupportedModel} where it doesn't run.
 */
export async function tryModel(
  run: (rows: FeatureRows) => Promise<Predictions>,
  columns: readonly ColumnSpec[],
): Promise<Predictions | undefined> {
  try {
    return await run(trialRows(columns));
  } catch (error) {
    if (error instanceof UnsupportedModel) throw error;
    if (error instanceof InvalidFeatures) return undefined;
    throw new UnsupportedModel(`it doesn't run: ${(error as Error).message}`, { cause: error });
  }
}

function trialRows(columns: readonly ColumnSpec[]): FeatureRows {
  const count = 2;
  const values = new Float64Array(count * columns.length).fill(1, columns.length);
  const texts = columns.map(({ type }) => (type === "string" ? Array<string>(count).fill("") : undefined));
  return { count, values, ...(texts.some(Boolean) && { texts }) };
}
