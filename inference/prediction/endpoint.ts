import type { Logger } from "pino";
import type { ReadOptions } from "../features/read-options.ts";
import { largeBytes } from "../http/body-parts.ts";
import { toProblem, writeProblem } from "../http/errors.ts";
import type { Exchange } from "../http/exchange.ts";
import { readBody } from "../http/read-body.ts";
import { logFields } from "../http/request-log.ts";
import type { ServedModel } from "../model/served-model.ts";
import { requireModel, type Serving } from "../serving.ts";
import { contextOf, type Prediction, type PredictionObserver, predict } from "./predictor.ts";
import type { Answer, PredictionContext, PredictionRequest, Protocol } from "./protocol.ts";
import type { ThreadedProtocols } from "./threaded-protocols.ts";
import type { WaitingLine } from "./waiting-line.ts";

/** What {@link predictionEndpoint} is told. */
export interface PredictionEndpointOptions extends ReadOptions, Pick<PredictionContext, "featureClient"> {
  /** Bytes of a body at most. */
  readonly bodyLimit: number;
  readonly observers: readonly PredictionObserver[];
  readonly logger: Logger;
  /** Bytes from which on a body is read by another thread. @default 128 KiB */
  readonly threadedBytes?: number;
  readonly threaded: ThreadedProtocols;
  /** Where bodies for that thread wait. */
  readonly line: WaitingLine;
  /** Makes room for a part of a body. @throws HttpProblem where there is none. */
  readonly hold: (exchange: Exchange, bytes: number) => void;
}

/** Answers predictions by whatever model `serving` holds when a request's body is there. */
export function predictionEndpoint(
  serving: Serving,
  options: PredictionEndpointOptions,
): (exchange: Exchange, protocol: Protocol) => Promise<void> {
  const { bodyLimit, rowLimit, ignoreUnknown, featureClient, observers, logger, threaded, line, hold } = options;
  const { threadedBytes = largeBytes } = options;
  let latest: { model: ServedModel; context: PredictionContext } | undefined;

  async function answer(exchange: Exchange, protocol: Protocol): Promise<Prediction> {
    const { request, response, route } = exchange;
    const body = await readBody(request, bodyLimit, (bytes) => hold(exchange, bytes));
    if (body.length < threadedBytes) return ask(exchange, protocol, body);
    const reader = threaded(route!.endpoint.path);
    return line.pass(
      body.length,
      () => ask(exchange, reader, body),
      () => response.destroyed,
    );
  }

  function ask({ request, route }: Exchange, protocol: Protocol, body: Buffer): Promise<Prediction> {
    const model = requireModel(serving);
    if (latest?.model !== model)
      latest = { model, context: contextOf(model, { rowLimit, ignoreUnknown, featureClient }) };
    const asked: PredictionRequest = { headers: request.headers, parts: route!.parts, body };
    return predict(model, latest.context, protocol, asked);
  }

  return async (exchange, protocol) => {
    let prediction: Prediction;
    try {
      prediction = await answer(exchange, protocol);
    } catch (error) {
      const problem = toProblem(error);
      // What the client isn't told of itself: a fault of the service, or of what it depends on.
      const { status, cause } = problem;
      if (status >= 500 && cause !== undefined) logger.error({ err: cause, ...logFields(exchange) }, "request failed");
      return writeProblem(exchange, problem);
    }
    writeAnswer(exchange, prediction.answer);
    for (const observe of observers) observe(prediction, exchange);
  };
}

function writeAnswer({ response, headers }: Exchange, { type, headers: own, body }: Answer): void {
  if (own) for (const [name, value] of Object.entries(own)) headers.push(name, value);
  headers.push("Content-Type", type, "Content-Length", String(Buffer.byteLength(body)));
  response.writeHead(200, headers).end(body);
}
