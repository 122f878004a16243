import type { Sample } from "./scraped-metric.ts";

/** What a Prometheus histogram counts, at the cost of a search among its bounds. */
export class HistogramCounts {
  readonly #bounds: readonly number[];
  /** By bound, not cumulated; the last are those above all bounds. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** @param bounds - upper ones, included, ascending. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** @param value - a finite number. */
  add(value: number): void {
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && value > bounds[at]!) at++;
    this.#counts[at]! += 1;
    this.#sum += value;
  }

  /** @param labels - of all samples. */
  samples(name: string, labels: Sample["labels"] = {}): Sample[] {
    let count = 0;
    const buckets = Array.from(this.#counts, (own, at) => {
      count += own;
      return { metricName: `${name}_bucket`, labels: { le: this.#bounds[at] ?? "+Inf", ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
