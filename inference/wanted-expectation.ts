import type { Expectation } from "../mlflow/expectation.ts";
import type { WantedModel } from "./serving.ts";

/**
 * What to hold a model against. An expectation speaks of one version: where another one was selected by its number, as
 * operators do by hand (`kubectl set env deployment/… MODEL_VERSION=3`), it doesn't apply. `latest` and an alias are no
 * selection: what they lead to must be the expected version.
 *
 * @returns undefined where there is none that applies.
 */
export function wantedExpectation(wanted: WantedModel, expectation: Expectation | undefined): Expectation | undefined {
  if (!expectation || expectation.modelName !== wanted.name) return expectation;
  const byHand = /^\d+$/.test(wanted.version) && wanted.version !== expectation.modelVersion;
  return byHand ? undefined : expectation;
}
