import type { components } from "./schema.js";

type Schemas = components["schemas"];

/** Rows as columns: one array a feature, all of the same length. */
export type Inputs = Schemas["Inputs"];
/** One row: a value a feature. */
export type Instance = Schemas["Instance"];
export type Prediction = Schemas["Prediction"];
export type Health = Schemas["Health"];
export type Metadata = Schemas["Metadata"];
/** One thing that is wrong with a request, and where it is. */
export type FeatureProblem = Schemas["FeatureProblem"];

/** Whether probabilities are asked for: a regressor has none. */
type Asked = NonNullable<Schemas["PredictRequest"]["return_probabilities"]>;
type WithProbabilities = Prediction extends { probabilities?: infer P }
  ? Prediction & { probabilities: NonNullable<P> }
  : Prediction;
/** An answer, which has probabilities where they were asked for. */
type Answer<Probabilities extends Asked> = Probabilities extends true ? WithProbabilities : Prediction;

/** Options of {@link MLInferenceClient}. */
export interface ClientOptions {
  /** Bearer token, where the service asks for one. */
  readonly token?: string;
  /** Milliseconds from a request to its whole answer. @default 10,000 */
  readonly timeoutMs?: number;
  /** How often a request is sent again that met a 503 with a Retry-After. @default 3 */
  readonly retries?: number;
}

/** Options of one prediction. */
export interface PredictOptions<Probabilities extends Asked> {
  /** Whether the answer is to hold a probability a class. @default false */
  readonly returnProbabilities?: Probabilities;
  readonly signal?: AbortSignal;
}

/** Anything that came in the place of an answer; {@link cause} says more where nothing came at all. */
export class InferenceError extends Error {
  override readonly name: string = "InferenceError";
  /** Of the HTTP answer; undefined where none came. */
  readonly status: number | undefined;
  /** Names the request in the service's log. */
  readonly requestId: string | undefined;

  constructor(message: string, answer?: Response, options?: ErrorOptions) {
    super(message, options);
    this.status = answer?.status;
    this.requestId = answer?.headers.get("X-Request-Id") ?? undefined;
  }
}

/** 422: the rows aren't what the model takes. */
export class InvalidFeaturesError extends InferenceError {
  override readonly name = "InvalidFeaturesError";
  /** What is wrong, a value at a time. */
  readonly errors: readonly FeatureProblem[];

  constructor(message: string, answer: Response, errors: readonly FeatureProblem[]) {
    super(message, answer);
    this.errors = errors;
  }
}

/** 503: the service takes no requests now, and took none when it was asked again. */
export class ServiceUnavailableError extends InferenceError {
  override readonly name = "ServiceUnavailableError";
}

/** No whole answer came in time. */
export class InferenceTimeoutError extends InferenceError {
  override readonly name = "InferenceTimeoutError";
}

/** No wait for a service that asks to be spared is longer. */
const longestWaitMs = 30_000;

/** Asks one inference service. */
export class MLInferenceClient {
  readonly #url: string;
  readonly #options: Required<Omit<ClientOptions, "token">>;
  readonly #headers: Record<string, string>;

  /** @param url - of the service: `http://ml-inference-service`. */
  constructor(url: string, { token, timeoutMs = 10_000, retries = 3 }: ClientOptions = {}) {
    this.#url = url.replace(/\/+$/, "");
    this.#options = { timeoutMs, retries };
    this.#headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  }

  /**
   * Predicts rows given as columns: one array a feature, all of the same length.
   *
   * @throws {@link InferenceError}, and what `signal` was aborted with.
   */
  predict<Probabilities extends Asked = false>(
    inputs: Inputs,
    options: PredictOptions<Probabilities> = {},
  ): Promise<Answer<Probabilities>> {
    return this.#predict("/predict", { inputs }, options);
  }

  /**
   * Predicts rows given as objects.
   *
   * @throws {@link InferenceError}, and what `signal` was aborted with.
   */
  batchPredict<Probabilities extends Asked = false>(
    instances: readonly Instance[],
    options: PredictOptions<Probabilities> = {},
  ): Promise<Answer<Probabilities>> {
    return this.#predict("/batch_predict", { instances }, options);
  }

  /** Whether the service is ready. One that isn't is an answer too, not an error. */
  async health(): Promise<Health> {
    const answer = await this.#send("/health", {}, undefined);
    const body = parse(answer);
    if (isHealth(body)) return body;
    throw toError(answer, body);
  }

  /** Which model answers, and what it takes. @throws {@link InferenceError} */
  metadata(): Promise<Metadata> {
    return this.#ask("/metadata", {}, undefined);
  }

  #predict<T>(path: string, rows: object, { returnProbabilities, signal }: PredictOptions<Asked>): Promise<T> {
    const asked = returnProbabilities === undefined ? {} : { return_probabilities: returnProbabilities };
    const headers = { "Content-Type": "application/json" };
    return this.#ask(path, { method: "POST", headers, body: JSON.stringify({ ...rows, ...asked }) }, signal);
  }

  async #ask<T>(path: string, init: RequestInit, signal: AbortSignal | undefined): Promise<T> {
    for (let again = this.#options.retries; ; again--) {
      const answer = await this.#send(path, init, signal);
      const body = parse(answer);
      if (answer.response.ok && body !== undefined) return body as T;
      const waitMs = retryAfterMs(answer.response);
      if (answer.response.status !== 503 || waitMs === undefined || again <= 0) throw toError(answer, body);
      await sleep(waitMs, signal);
    }
  }

  async #send(path: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Received> {
    const { timeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    const url = this.#url + path;
    try {
      const response = await fetch(url, {
        ...init,
        headers: { ...this.#headers, ...init.headers },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      return { response, text: await response.text() };
    } catch (cause) {
      signal?.throwIfAborted();
      if (timeout.aborted)
        throw new InferenceTimeoutError(`${url}: no answer within ${timeoutMs} ms`, undefined, { cause });
      throw new InferenceError(`${url}: no answer`, undefined, { cause });
    }
  }
}

interface Received {
  readonly response: Response;
  readonly text: string;
}

/** @returns undefined where it isn't JSON. */
function parse({ text }: Received): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isHealth(body: unknown): body is Health {
  return typeof body === "object" && body !== null && "model_loaded" in body;
}

function toError({ response }: Received, body: unknown): InferenceError {
  const { detail, errors } = (body ?? {}) as { detail?: string; errors?: FeatureProblem[] };
  const message = `${response.url}: ${response.status} ${detail ?? response.statusText}`;
  if (response.status === 422) return new InvalidFeaturesError(message, response, errors ?? []);
  if (response.status === 503) return new ServiceUnavailableError(message, response);
  return new InferenceError(message, response);
}

/** @returns undefined where the answer doesn't ask to be asked again. */
function retryAfterMs({ headers }: Response): number | undefined {
  const value = headers.get("Retry-After");
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestWaitMs);
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const wake = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", wake);
      resolve();
    }, ms);
    if (signal?.aborted) wake();
    else signal?.addEventListener("abort", wake, { once: true });
  });
}
