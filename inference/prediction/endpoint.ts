import type { Logger } from "pino";
import type { ReadOptions } from "../features/read-options.ts";
import { toProblem, writeProblem } from "../http/errors.ts";
import type { Exchange } from "../http/exchange.ts";
import { readBody } from "../http/read-body.ts";
import type { ServedModel } from "../model/served-model.ts";
import { requireModel, type Serving } from "../serving.ts";
import { contextOf, type Prediction, type PredictionObserver, predict } from "./predictor.ts";
import type { Answer, PredictionContext, PredictionRequest, Protocol } from "./protocol.ts";

/** What {@link predictionEndpoint} is told. */
export interface PredictionEndpointOptions extends ReadOptions {
  /** Bytes of a body at most. */
  readonly bodyLimit: number;
  readonly observers: readonly PredictionObserver[];
  readonly logger: Logger;
}

/** Answers predictions by whatever model `serving` holds when a request's body is there. */
export function predictionEndpoint(
  serving: Serving,
  { bodyLimit, observers, logger, ...read }: PredictionEndpointOptions,
): (exchange: Exchange, protocol: Protocol) => Promise<void> {
  let latest: { model: ServedModel; context: PredictionContext } | undefined;

  async function answer(exchange: Exchange, protocol: Protocol): Promise<Prediction> {
    const { request, route } = exchange;
    const body = await readBody(request, bodyLimit);
    const model = requireModel(serving);
    if (latest?.model !== model) latest = { model, context: contextOf(model, read) };
    const asked: PredictionRequest = { headers: request.headers, parts: route!.parts, body };
    return predict(model, latest.context, protocol, asked);
  }

  return async (exchange, protocol) => {
    let prediction: Prediction;
    try {
      prediction = await answer(exchange, protocol);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status === 500) logger.error({ err: error, requestId: exchange.id }, "request failed");
      return writeProblem(exchange, problem);
    }
    writeAnswer(exchange, prediction.answer);
    for (const observe of observers) observe(prediction);
  };
}

function writeAnswer({ response, headers }: Exchange, { type, headers: own, body }: Answer): void {
  if (own) for (const [name, value] of Object.entries(own)) headers.push(name, value);
  headers.push("Content-Type", type, "Content-Length", String(Buffer.byteLength(body)));
  response.writeHead(200, headers).end(body);
}
