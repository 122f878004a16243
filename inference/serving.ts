import { HttpProblem } from "./http/http-problem.ts";
import type { ServedModel } from "./model/served-model.ts";

/** What an instance was asked to serve, known before the model is. */
export interface WantedModel {
  readonly name: string;
  /** `latest`, a number or `@alias`. */
  readonly version: string;
}

/** Is told of each model before the first request goes to it. It must not throw. */
export type ServingListener = (model: ServedModel) => void;

/** The state of one instance: which model it serves, and whether it takes requests. The app reads it at each request. */
export class Serving {
  readonly wanted: WantedModel;
  #model: ServedModel | undefined;
  #draining = false;
  readonly #drain = new AbortController();
  readonly #listeners: readonly ServingListener[];

  constructor(wanted: WantedModel, listeners: readonly ServingListener[] = []) {
    this.wanted = wanted;
    this.#listeners = listeners;
  }

  /** The proven model; absent until then. */
  get model(): ServedModel | undefined {
    return this.#model;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Aborts when draining begins: for what goes on beside the requests. */
  get drainSignal(): AbortSignal {
    return this.#drain.signal;
  }

  /**
   * From now on requests are answered by this model, which must be proven. Those that another one has begun to answer it
   * answers to their end.
   */
  serve(model: ServedModel): void {
    for (const tell of this.#listeners) tell(model);
    this.#model = model;
  }

  /** Readiness ends; what is asked still is answered. */
  drain(): void {
    this.#draining = true;
    this.#drain.abort();
  }
}

/** The model that answers. @throws HttpProblem 503 until there is one. */
export function requireModel({ model, wanted }: Serving): ServedModel {
  if (model) return model;
  throw new HttpProblem(503, `model ${wanted.name} is being loaded`, { headers: { "Retry-After": "1" } });
}
