import { HttpProblem } from "./http/http-problem.ts";
import type { ServedModel } from "./model/served-model.ts";

/** What an instance was asked to serve, known before the model is. */
export interface WantedModel {
  readonly name: string;
  /** `latest`, a number or `@alias`. */
  readonly version: string;
}

/** The state of one instance: which model it serves, and whether it takes requests. The app reads it at each request. */
export class Serving {
  readonly wanted: WantedModel;
  #model: ServedModel | undefined;
  #draining = false;

  constructor(wanted: WantedModel) {
    this.wanted = wanted;
  }

  /** The proven model; absent until then. */
  get model(): ServedModel | undefined {
    return this.#model;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** From now on requests are answered by this model, which must be proven. */
  serve(model: ServedModel): void {
    this.#model = model;
  }

  /** Readiness ends; what is asked still is answered. */
  drain(): void {
    this.#draining = true;
  }
}

/** The model that answers. @throws HttpProblem 503 until there is one. */
export function requireModel({ model, wanted }: Serving): ServedModel {
  if (model) return model;
  throw new HttpProblem(503, `model ${wanted.name} is being loaded`, { headers: { "Retry-After": "1" } });
}
