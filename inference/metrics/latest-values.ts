import type { Sample } from "./scraped-metric.ts";

/** A power of two: the quantiles are those of so many values at most. */
export const valuesKept = 4096;
const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95];

/** What a Prometheus summary tells: count and sum of all values, and quantiles of the latest. */
export class LatestValues {
  readonly #latest = new Float64Array(valuesKept);
  #count = 0;
  #sum = 0;

  /** Values that aren't finite are passed over: one would spoil the sum for ever. */
  add(values: Float64Array): void {
    for (let at = 0; at < values.length; at++) {
      const value = values[at]!;
      if (!Number.isFinite(value)) continue;
      this.#latest[this.#count % valuesKept] = value;
      this.#count += 1;
      this.#sum += value;
    }
  }

  /** Without quantiles where there are no values. */
  samples(name: string): Sample[] {
    const sorted = this.#latest.slice(0, this.#count).sort();
    const ranked = sorted.length === 0 ? [] : quantiles;
    return [
      ...ranked.map((quantile) => ({
        labels: { quantile },
        value: sorted[Math.ceil(quantile * sorted.length) - 1]!,
      })),
      { metricName: `${name}_sum`, labels: {}, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, value: this.#count },
    ];
  }
}
