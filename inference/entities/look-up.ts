import { type InvalidFeatures, invalidValue } from "../features/feature-problem.ts";
import type { PredictionContext } from "../prediction/protocol.ts";
import type { TraceHeaders } from "../tracing/trace-context.ts";
import type { LookedUp } from "./feature-collector.ts";
import { readEntities } from "./read-entities.ts";

/**
 * The rows of `{"entities": {join key: [value, …], …}}`, looked up in Feast with the FeatureService that the model was
 * trained from.
 *
 * @param given - what came as `entities`.
 * @param trace - of the request.
 * @throws InvalidFeatures where they can't be read, the model has no FeatureService, or there is no feature server; so is
 *   rejected what is unknown or missing there.
 * @throws TooManyRows
 */
export function lookUp(
  given: unknown,
  { model, columns, featureClient, rowLimit }: PredictionContext,
  trace: TraceHeaders,
): Promise<LookedUp> {
  const { featureService } = model;
  if (!featureService)
    throw refused(`as version ${model.version} carries no FeatureService of Feast that it was trained from`, given);
  if (!featureClient) throw refused("as this service knows no feature server: its FEAST_SERVER_URL isn't set", given);
  return featureClient.lookUp(featureService, columns, readEntities(featureService.joinKeys, given, rowLimit), trace);
}

function refused(why: string, given: unknown): InvalidFeatures {
  return invalidValue("entities", `inputs, ${why}`, given, "unknown");
}
