import type { Logger } from "pino";
import { HttpProblem } from "../http/http-problem.ts";
import type { CodecRequest, CodecResult } from "./codec-messages.ts";
import { type CodecThread, CodecThreadEnded } from "./codec-thread.ts";
import type { Answer, Asked, PredictionContext, PredictionRequest, Protocol } from "./protocol.ts";

/** Each endpoint's protocol, as another thread does it. */
export type ThreadedProtocols = (path: string) => Protocol;

/**
 * The thread is started with the first large body. If it ends, another one takes its place, and what it had begun is
 * begun again, once.
 */
export function threadedProtocols(start: () => CodecThread, logger: Logger): ThreadedProtocols {
  let thread: CodecThread | undefined;
  let told: PredictionContext | undefined;
  let models = 0;
  let requests = 0;

  /** The thread, which then knows the context. */
  function current(context: PredictionContext): CodecThread {
    if (!thread || thread.ended) {
      thread = start();
      told = undefined;
    }
    if (told !== context) {
      told = context;
      const { columns: _, featureClient: __, ...plain } = context;
      const { name, version, runId, modelType, sha256, schema, featureService } = plain.model;
      const model = { name, version, runId, modelType, sha256, schema, ...(featureService && { featureService }) };
      thread.tell({ kind: "model", model: ++models, context: { ...plain, model } });
    }
    return thread;
  }

  async function read(path: string, request: PredictionRequest, context: PredictionContext) {
    const owner = current(context);
    const id = ++requests;
    const { headers, parts, body } = request;
    const result = await owner.ask({ kind: "read", id, model: models, path, headers, parts, body });
    return { owner, id, rows: (result as CodecResult & { kind: "rows" }).rows };
  }

  async function answer(owner: CodecThread, request: CodecRequest & { kind: "answer" }): Promise<Answer> {
    const result = await owner.ask(request);
    return (result as CodecResult & { kind: "answer" }).answer;
  }

  return (path) => ({
    async read(request, context): Promise<Asked> {
      const begin = () => read(path, request, context);
      const asked = await retried(begin, logger);
      return {
        rows: asked.rows,
        answer: (predictions, milliseconds) =>
          retried(async (first) => {
            // Another thread knows nothing of the request yet.
            const { owner, id } = first ? asked : await begin();
            return answer(owner, { kind: "answer", id, predictions, milliseconds });
          }, logger),
        discard: () => asked.owner.tell({ kind: "discard", id: asked.id }),
      };
    },
  });
}

/** @throws HttpProblem 413 where the request takes too much memory, 503 where the thread ends a second time. */
async function retried<T>(attempt: (first: boolean) => Promise<T>, logger: Logger): Promise<T> {
  for (let first = true; ; first = false)
    try {
      return await attempt(first);
    } catch (error) {
      if (!(error instanceof CodecThreadEnded)) throw error;
      logger.error({ err: error.cause ?? error }, "the codec thread ended: another one takes its place");
      if (error.outOfMemory) throw new HttpProblem(413, "the body takes too much memory to read: send fewer rows");
      if (!first) throw new HttpProblem(503, "the service couldn't read the body", { headers: { "Retry-After": "1" } });
    }
}
