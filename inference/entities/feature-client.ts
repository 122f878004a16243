import type { FeatureServiceSpec } from "../../mlflow/model-folder.ts";
import type { FeatureColumn } from "../features/feature-column.ts";
import { InvalidFeatures, maxProblems } from "../features/feature-problem.ts";
import { HttpProblem } from "../http/http-problem.ts";
import type { TraceHeaders } from "../tracing/trace-context.ts";
import { FeatureCollector, type LookedUp } from "./feature-collector.ts";
import { createFeatureServer } from "./feature-server.ts";
import { FeatureServerError } from "./feature-server-error.ts";
import { inChunks } from "./in-chunks.ts";
import { onlineFeatures } from "./online-features.ts";
import type { EntityRows } from "./read-entities.ts";
import type { FeatureServerSettings } from "./settings.ts";

/** How one lookup went. */
export interface Lookup {
  /** `refused`: an entity is unknown, or lacks a feature; `unavailable`: the server failed. */
  readonly outcome: "found" | "refused" | "unavailable";
  readonly milliseconds: number;
  /** Tries beyond the first of each request. */
  readonly retries: number;
  /** Rows that were asked for. */
  readonly rows: number;
  /** Of them, those with a feature that is older than its view's TTL, which training took as missing. */
  readonly rowsOutsideTtl: number;
  /** The oldest event timestamp of each row's features, ms since the epoch; NaN where nothing tells it. */
  readonly asOf: Float64Array;
}

/** Is told of each lookup. It must not throw. */
export type LookupObserver = (lookup: Lookup) => void;

/** Looks features up by entity. */
export interface FeatureClient {
  /**
   * @param columns - of the model, in the order of the service's features.
   * @param trace - that the server's own spans are to belong to.
   * @throws InvalidFeatures naming each entity that is unknown, and each feature that is missing and mustn't be.
   * @throws HttpProblem 503 where the server fails.
   */
  lookUp(
    service: FeatureServiceSpec,
    columns: readonly FeatureColumn[],
    entities: EntityRows,
    trace?: TraceHeaders,
  ): Promise<LookedUp>;
}

/**
 * Feast takes some 0.1 ms a row, and a worker of it answers one request at a time: so a large lookup is cut into requests
 * that stay far below the time-out, and few of them stand in the way of others.
 */
const chunks = { size: 250, atOnce: 2 };

/**
 * @param settings - plain data, so that another thread can have a client of its own.
 * @returns undefined where there is no server.
 */
export function createFeatureClient(
  settings: FeatureServerSettings | undefined,
  onLookup?: LookupObserver,
): FeatureClient | undefined {
  if (settings?.url === undefined) return undefined;
  const { url, maxAge } = settings;
  const server = createFeatureServer(url, settings);

  return {
    async lookUp(service, columns, entities, trace) {
      const start = performance.now();
      const names = service.features.map(({ view, feature }) => `${view}__${feature}`);
      const collector = new FeatureCollector(service, columns, entities, maxAge);
      let retries = 0;
      const tell = (outcome: Lookup["outcome"]) => {
        const { rowsOutsideTtl, asOf } = collector;
        const milliseconds = performance.now() - start;
        onLookup?.({ outcome, milliseconds, retries, rows: entities.count, rowsOutsideTtl, asOf });
      };
      try {
        await inChunks(entities.count, chunks, async (from, to, signal) => {
          if (collector.problems.length >= maxProblems) return;
          const json = requestBody(service.name, entities, from, to);
          const answer = await server.getOnlineFeatures(json, signal, () => retries++, trace);
          collector.add(from, onlineFeatures(answer, names, to - from));
        });
      } catch (cause) {
        if (!(cause instanceof FeatureServerError)) throw cause;
        tell("unavailable");
        const headers = { "Retry-After": "1" };
        throw new HttpProblem(503, "the feature server doesn't answer as it should", { headers, cause });
      }
      if (collector.problems.length > 0) {
        tell("refused");
        throw new InvalidFeatures(collector.problems);
      }
      tell("found");
      return collector;
    },
  };
}

/** The body of `POST /get-online-features`. With their views' names before them, features can't be mistaken for others'. */
function requestBody(service: string, { keys }: EntityRows, from: number, to: number): string {
  const entities = keys.map(({ name, values }) => `${JSON.stringify(name)}:[${values.slice(from, to).join(",")}]`);
  return `{"feature_service":${JSON.stringify(service)},"entities":{${entities.join(",")}},"full_feature_names":true}`;
}
