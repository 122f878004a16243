import { compareGolden } from "../../mlflow/expectation.ts";
import type { GoldenSample } from "../../mlflow/model-folder.ts";
import { goldenInputs, goldenInstances } from "../golden-request.ts";
import { type PredictingModel, predict, type RowsMember } from "../predict.ts";

/**
 * Asks a model the golden sample's rows, as both predict endpoints do, and compares the answers.
 *
 * @returns undefined where they are equal, else the first difference in words.
 */
export async function proveGolden(model: PredictingModel, golden: GoldenSample): Promise<string | undefined> {
  const bodies: [RowsMember, object][] = [
    ["inputs", goldenInputs(golden)],
    ["instances", goldenInstances(golden)],
  ];
  for (const [member, body] of bodies) {
    const difference = await ask(model, golden, member, body);
    if (difference) return difference;
  }
  return undefined;
}

async function ask(model: PredictingModel, golden: GoldenSample, member: RowsMember, body: object) {
  try {
    const { predictions, probabilities = [] } = await predict(model, member, body, golden.rows.length);
    return compareGolden(golden, probabilities, predictions);
  } catch (error) {
    return `asking it failed: ${(error as Error).message}`;
  }
}
