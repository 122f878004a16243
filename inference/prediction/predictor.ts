import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import type { Exchange } from "../http/exchange.ts";
import type { ServedModel } from "../model/served-model.ts";
import type { Answer, Asked, PredictionContext, PredictionRequest, Protocol } from "./protocol.ts";

/** An answer, and what it was made from. */
export interface Prediction {
  readonly model: ServedModel;
  readonly rows: FeatureRows;
  readonly predictions: Predictions;
  /** Of performance.now(), when the model was asked. */
  readonly start: number;
  /** From then until it answered, waiting for a shared run included. */
  readonly milliseconds: number;
  readonly answer: Answer;
}

/** Is told of each prediction once its answer is on its way, and whose it is. It must not throw. */
export type PredictionObserver = (prediction: Prediction, exchange: Exchange) => void;

/**
 * Answers a request, without HTTP.
 *
 * @throws what {@link Protocol.read} throws, and what the model does.
 */
export async function predict(
  model: ServedModel,
  context: PredictionContext,
  protocol: Protocol,
  request: PredictionRequest,
): Promise<Prediction> {
  model.inFlight.begin();
  try {
    const read = protocol.read(request, context);
    return await answer(model, read instanceof Promise ? await read : read);
  } finally {
    model.inFlight.end();
  }
}

async function answer(model: ServedModel, asked: Asked): Promise<Prediction> {
  const { rows } = asked;
  const start = performance.now();
  const predictions = await model.predict(rows).catch((error: unknown) => {
    asked.discard?.();
    throw error;
  });
  const milliseconds = performance.now() - start;
  const answer = asked.answer(predictions, milliseconds);
  return { model, rows, predictions, start, milliseconds, answer: answer instanceof Promise ? await answer : answer };
}

/** How a model is to be asked. */
export function contextOf(
  model: ServedModel,
  options: Omit<PredictionContext, "model" | "columns">,
): PredictionContext {
  return { model, columns: model.columns, ...options };
}
