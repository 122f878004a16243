import { MlflowError } from "../error.ts";
import { jsonParser, numbers } from "./schema.ts";
import type { FeatureBaseline } from "./types.ts";

const statistics = ["mean", "std", "min", "max"] as const;
const statistic = { type: "number", nullable: true };
const count = { type: "integer", minimum: 0 };

type Stored = Omit<FeatureBaseline, (typeof statistics)[number]> & Record<(typeof statistics)[number], number | null>;

const parse = jsonParser<{ readonly features: readonly Stored[] }>({
  type: "object",
  required: ["features"],
  properties: {
    features: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "count", "missing", ...statistics, "edges", "counts"],
        properties: {
          name: { type: "string" },
          count,
          missing: count,
          ...Object.fromEntries(statistics.map((name) => [name, statistic])),
          edges: numbers,
          counts: { type: "array", items: count },
        },
      },
    },
  },
});

/** The text of baseline.json; a statistic that isn't a number, as of a feature without values, is null in it. */
export function baselineJson(baseline: readonly FeatureBaseline[]): string {
  return `${JSON.stringify({ features: baseline }, undefined, 1)}\n`;
}

/**
 * Reads the baseline.
 *
 * @throws MlflowError naming `where` and the property that is not as expected.
 */
export function parseBaseline(text: string, where: string): FeatureBaseline[] {
  return parse(text, where).features.map((feature) => {
    if (feature.counts.length !== feature.edges.length + 1)
      throw new MlflowError(
        `${where}: expected ${feature.edges.length + 1} counts of ${feature.name}, one more than edges, got ${feature.counts.length}`,
      );
    const numbers = statistics.map((name) => [name, feature[name] ?? Number.NaN]);
    return { ...feature, ...Object.fromEntries(numbers) };
  });
}
