import { compareGolden } from "../../mlflow/expectation.ts";
import type { GoldenSample } from "../../mlflow/model-folder.ts";
import { goldenInputs, goldenInstances } from "../golden-request.ts";
import type { PredictionContext, Protocol } from "../prediction/protocol.ts";
import { nativeProtocol } from "../protocols/native.ts";
import type { ServedModel } from "./served-model.ts";

/**
 * Asks a model the golden sample's rows, as both predict endpoints do, and compares the answers.
 *
 * @returns undefined where they are equal, else the first difference in words.
 */
export async function proveGolden(
  model: Omit<ServedModel, "loadedAt" | "proof" | "queuedRows">,
  golden: GoldenSample,
): Promise<string | undefined> {
  const context = { model, columns: model.columns, rowLimit: golden.rows.length, ignoreUnknown: false };
  const asks: [Protocol, object][] = [
    [nativeProtocol("inputs"), goldenInputs(golden)],
    [nativeProtocol("instances"), goldenInstances(golden)],
  ];
  for (const [protocol, body] of asks) {
    const difference = await ask(protocol, body, context, model.predict, golden);
    if (difference) return difference;
  }
  return undefined;
}

async function ask(
  protocol: Protocol,
  body: object,
  context: PredictionContext,
  predict: ServedModel["predict"],
  golden: GoldenSample,
): Promise<string | undefined> {
  const headers = { "content-type": "application/json" };
  try {
    const asked = await protocol.read({ headers, parts: {}, body: Buffer.from(JSON.stringify(body)) }, context);
    const answer = await asked.answer(await predict(asked.rows), 0);
    const { predictions, probabilities = [] } = JSON.parse(String(answer.body));
    return compareGolden(golden, probabilities, predictions);
  } catch (error) {
    return `asking it failed: ${(error as Error).message}`;
  }
}
