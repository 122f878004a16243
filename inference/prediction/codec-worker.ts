import { getPriority, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { createFeatureClient } from "../entities/feature-client.ts";
import { compileColumns } from "../features/feature-column.ts";
import { toProblem } from "../http/errors.ts";
import { protocols } from "../protocols/protocols.ts";
import type { CodecLookup, CodecRequest, CodecResult, CodecWorkerData } from "./codec-messages.ts";
import type { Asked, PredictionContext } from "./protocol.ts";

/** The codec thread: reads large bodies and writes their answers, one after another. */
// Where both want the processor, the event loop comes first. On Linux a thread has a priority of its own, setpriority(2);
// elsewhere it would be the whole process's. What has a lower one already keeps it.
if (process.platform === "linux") setPriority(Math.max(getPriority(), 10));
const port = parentPort!;
const contexts = new Map<number, PredictionContext>();
const open = new Map<number, Asked>();
const { featureServer } = workerData as CodecWorkerData;
const featureClient = createFeatureClient(featureServer, (lookup) => tell({ kind: "lookup", lookup }));

port.on("message", async (request: CodecRequest) => {
  if (request.kind === "model") return setModel(request);
  if (request.kind === "discard") return open.delete(request.id);
  const { id } = request;
  try {
    if (request.kind === "read") await read(request);
    else await answer(request);
  } catch (error) {
    open.delete(id);
    const { status, message: detail, errors, headers, cause } = toProblem(error);
    if (status === 500) tell({ kind: "failure", id, error });
    else tell({ kind: "problem", id, problem: { status, detail, errors, headers, ...(status >= 500 && { cause }) } });
  }
});

/** A process serves one model at a time, and while another takes over, two. */
function setModel({ model, context }: CodecRequest & { kind: "model" }): void {
  contexts.delete(model - 2);
  contexts.set(model, { ...context, columns: compileColumns(context.model.schema.columns), featureClient });
}

async function read({ id, model, path, headers, parts, body }: CodecRequest & { kind: "read" }): Promise<void> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const asked = await protocols[path]!.read({ headers, parts, body: bytes }, contexts.get(model)!);
  open.set(id, asked);
  tell({ kind: "rows", id, rows: asked.rows }, [asked.rows.values.buffer as ArrayBuffer]);
}

async function answer({ id, predictions, milliseconds }: CodecRequest & { kind: "answer" }): Promise<void> {
  const made = await open.get(id)!.answer(predictions, milliseconds);
  open.delete(id);
  const body = typeof made.body === "string" ? new TextEncoder().encode(made.body) : made.body;
  tell({ kind: "answer", id, answer: { ...made, body } }, [body.buffer as ArrayBuffer]);
}

function tell(result: CodecResult | CodecLookup, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(result, transfer);
}
