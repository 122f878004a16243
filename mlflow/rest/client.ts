import { setTimeout as delay } from "node:timers/promises";
import { MlflowError } from "../error.ts";
import { answerError, notJsonError } from "./answer.ts";
import { authorization, type Credentials, splitAddress } from "./credentials.ts";
import { Patience } from "./patience.ts";

export interface ClientOptions extends Credentials {
  /** Address that requests go to instead, such as a port-forward's; messages and `uri` still name the server's own. */
  readonly through?: string;
  /**
   * Time for one attempt of one request, its answer's body included.
   *
   * @default 120000, as MLflow's own clients
   */
  readonly timeoutMs?: number;
  /**
   * Time until an answer begins, and then until each next piece of it. It tells a server that hangs from one that sends
   * something large.
   *
   * @default timeoutMs
   */
  readonly silenceMs?: number;
  /**
   * Attempts after the first one of a request that can be repeated: after a lost connection, a 429, or a 5xx.
   *
   * @default 4
   */
  readonly retries?: number;
  /**
   * Wait before the first repetition, at most; it doubles with each.
   *
   * @default 250
   */
  readonly backoffMs?: number;
}

/** One request. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  /** Below the server's address, such as `api/2.0/mlflow/runs/get`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is where it is bytes. */
  readonly body?: unknown;
  /** Whether sending it twice does no more than sending it once. */
  readonly idempotent: boolean;
  readonly signal?: AbortSignal | undefined;
}

interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
}

/** Sends requests to one MLflow server. */
export class Client {
  readonly uri: string;
  readonly #address: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #silenceMs: number;
  readonly #retries: number;
  readonly #backoffMs: number;

  constructor(address: string, options: ClientOptions = {}) {
    const { timeoutMs = 120_000, silenceMs = timeoutMs, retries = 4, backoffMs = 250, through, ...rest } = options;
    const { uri, credentials: inAddress } = splitAddress(address);
    this.uri = uri;
    this.#address = through === undefined ? uri : splitAddress(through).uri;
    this.#headers = authorization({ ...rest, ...inAddress });
    this.#timeoutMs = timeoutMs;
    this.#silenceMs = silenceMs;
    this.#retries = retries;
    this.#backoffMs = backoffMs;
  }

  /**
   * Asks for JSON.
   *
   * @throws MlflowError with MLflow's code and the HTTP status; the signal's reason where the call was aborted.
   */
  async json<T>(call: Call): Promise<T> {
    const { status, bytes } = await this.#send(call);
    const text = bytes.toString("utf8");
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw notJsonError(this.uri, describe(call), status, text, cause);
    }
  }

  /** Asks for bytes. @throws as {@link json} */
  async bytes(call: Call): Promise<Buffer> {
    return (await this.#send(call)).bytes;
  }

  async #send(call: Call): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#attempt(call);
      if (!(outcome instanceof MlflowError)) return outcome;
      call.signal?.throwIfAborted();
      if (attempt >= this.#retries || !mayRepeat(call, outcome)) throw outcome;
      const wait = this.#backoffMs * 2 ** attempt;
      // Half of it random, so that clients which failed together don't come back together.
      await delay(wait / 2 + (Math.random() * wait) / 2, undefined, call.signal ? { signal: call.signal } : {}).catch(
        () => call.signal?.throwIfAborted(),
      );
    }
  }

  async #attempt(call: Call): Promise<Answer | MlflowError> {
    const { method, path, query, body } = call;
    const url = `${this.#address}/${path}${query === undefined ? "" : `?${new URLSearchParams(query)}`}`;
    const patience = new Patience(this.#timeoutMs, this.#silenceMs);
    const raw = body instanceof Uint8Array;
    try {
      const answer = await fetch(url, {
        method,
        headers: { ...this.#headers, ...(body === undefined ? {} : { "content-type": contentType(raw) }) },
        ...(body === undefined ? {} : { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
        signal: call.signal ? AbortSignal.any([call.signal, patience.signal]) : patience.signal,
      });
      const bytes = await readAll(answer, patience);
      if (answer.ok) return { status: answer.status, bytes };
      return answerError(this.uri, describe(call), answer.status, bytes.toString("utf8"), this.#address);
    } catch (cause) {
      if (call.signal?.aborted) throw call.signal.reason;
      return connectionError(this.uri, describe(call), cause, patience.over);
    } finally {
      patience.done();
    }
  }
}

async function readAll({ body }: Response, patience: Patience): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body ?? []) {
    patience.heard();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** A request that never arrived, or that was turned away unread, can be repeated whatever it does. */
function mayRepeat(call: Call, error: MlflowError): boolean {
  const { status, code } = error;
  if (status === 429 || code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN") return true;
  return call.idempotent && (status === undefined || status >= 500);
}

function connectionError(uri: string, what: string, cause: unknown, late: string | undefined): MlflowError {
  if (late !== undefined)
    return new MlflowError(`MLflow at ${uri}, ${what}: ${late}: is the server overloaded?`, {
      code: "ETIMEDOUT",
      cause,
    });
  const failure = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException;
  const { code = failure.name, message } = failure;
  const reason = message || code;
  return new MlflowError(
    `cannot reach MLflow at ${uri} (${what}: ${reason}): is the server up, and is this its address?`,
    { code, cause },
  );
}

function describe({ method, path }: Call): string {
  return `${method} ${path.replace(/^api\/2\.0\/(mlflow\/)?/, "")}`;
}

function contentType(raw: boolean): string {
  return raw ? "application/octet-stream" : "application/json";
}
