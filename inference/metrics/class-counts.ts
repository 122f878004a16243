import type { Sample } from "./scraped-metric.ts";

/** Labels that get a count of their own; rows of further ones are `other`. */
export const labelsCounted = 50;

/** Counts labels, of which a model may have more than Prometheus should hear of. */
export class ClassCounts {
  readonly #counts = new Map<number | string, { count: number }>();
  readonly #other = { count: 0 };

  /** From now on the label is told about, though it was never seen. */
  expect(label: number | string): void {
    this.#of(label);
  }

  add(labels: Float64Array | readonly string[]): void {
    for (let row = 0; row < labels.length; row++) this.#of(labels[row]!).count += 1;
  }

  samples(): Sample[] {
    const own = Array.from(this.#counts, ([label, { count }]) => ({ labels: { class: String(label) }, value: count }));
    return this.#other.count > 0 ? [...own, { labels: { class: "other" }, value: this.#other.count }] : own;
  }

  #of(label: number | string): { count: number } {
    const known = this.#counts.get(label);
    if (known) return known;
    if (this.#counts.size >= labelsCounted) return this.#other;
    const made = { count: 0 };
    this.#counts.set(label, made);
    return made;
  }
}
