import type { FeatureRows } from "../features/feature-rows.ts";

/** A quarter of an hour. */
export const sliceMs = 15 * 60_000;
/** A day. */
const slicesKept = 96;
/** Beside the current one: an hour. */
const slicesRead = 4;
/** Where the last hour has fewer, older slices count too. */
const rowsWanted = 10_000;

/** What a {@link FeatureWindow} holds. */
export interface WindowCounts {
  readonly rows: number;
  /** Rows a bin, of each feature; missing values excluded. */
  readonly bins: readonly Float64Array[];
  /** Rows without a value, of each feature. */
  readonly missing: readonly number[];
}

/**
 * Counts the values of each feature by bin over a sliding window: the last hour, and where that has fewer than 10,000
 * rows, as far back as those take, a day at most. So a busy instance shows a shift within minutes, and one with little
 * traffic has enough rows to tell a shift from chance.
 *
 * Time goes in slices of a quarter of an hour, which leave the window whole. A row costs a walk along the edges
 * a feature (they are few, and a search that halves them is slower), and no memory.
 */
export class FeatureWindow {
  /** Where each feature's places begin in a slice: its bins, then that of missing values. One entry more: the end. */
  readonly #starts: Int32Array;
  /** In the places of the bins that they end: Infinity in that of the last. */
  readonly #edges: Float64Array;
  readonly #slices: readonly Uint32Array[];
  readonly #rows = new Float64Array(slicesKept);
  /** Which slice of time each of the slices holds. */
  readonly #times = new Float64Array(slicesKept).fill(-1);
  readonly #now: () => number;

  /**
   * @param edges - inner bin edges of each feature, ascending; a bin reaches up to its upper edge, that one included.
   * @param now - milliseconds from any start, never going back.
   */
  constructor(edges: readonly (readonly number[])[], now: () => number = () => performance.now()) {
    this.#now = now;
    this.#starts = new Int32Array(edges.length + 1);
    for (const [feature, own] of edges.entries()) this.#starts[feature + 1] = this.#starts[feature]! + own.length + 2;
    const places = this.#starts[edges.length]!;
    this.#edges = new Float64Array(places).fill(Number.POSITIVE_INFINITY);
    for (const [feature, own] of edges.entries()) this.#edges.set(own, this.#starts[feature]);
    this.#slices = Array.from({ length: slicesKept }, () => new Uint32Array(places));
  }

  /**
   * @param rows - with as many features as the window has, in its order.
   * @param time - of the window's clock, where the caller has read it already.
   */
  add({ count, values }: FeatureRows, time: number = this.#now()): void {
    const slot = this.#slotOf(time);
    const slice = this.#slices[slot]!;
    const starts = this.#starts;
    const edges = this.#edges;
    const features = starts.length - 1;
    for (let row = 0, at = 0; row < count; row++)
      for (let feature = 0; feature < features; feature++, at++) {
        const value = values[at]!;
        let place = starts[feature]!;
        if (Number.isNaN(value)) place = starts[feature + 1]! - 1;
        else while (edges[place]! < value) place++;
        slice[place]! += 1;
      }
    this.#rows[slot]! += count;
  }

  /** The counts of the window that ends now. */
  read(): WindowCounts {
    const sums = new Float64Array(this.#edges.length);
    const newest = Math.floor(this.#now() / sliceMs);
    let rows = 0;
    for (let age = 0; age < slicesKept && (age <= slicesRead || rows < rowsWanted); age++) {
      const time = newest - age;
      const slot = time % slicesKept;
      if (time < 0 || this.#times[slot] !== time) continue;
      const slice = this.#slices[slot]!;
      for (let place = 0; place < sums.length; place++) sums[place]! += slice[place]!;
      rows += this.#rows[slot]!;
    }
    const ends = [...this.#starts.subarray(1)];
    return {
      rows,
      bins: ends.map((end, feature) => sums.subarray(this.#starts[feature], end - 1)),
      missing: ends.map((end) => sums[end - 1]!),
    };
  }

  /** The slice of a time, emptied where it still holds yesterday's. */
  #slotOf(ms: number): number {
    const time = Math.floor(ms / sliceMs);
    const slot = time % slicesKept;
    if (this.#times[slot] !== time) {
      this.#slices[slot]!.fill(0);
      this.#rows[slot] = 0;
      this.#times[slot] = time;
    }
    return slot;
  }
}
