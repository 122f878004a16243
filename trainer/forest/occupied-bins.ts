import { binSlots, missingBin } from "./bin-features.ts";
import { emptyHistogram, type Histogram } from "./histogram.ts";
import { classSlots, type NodeRows, type Span, weightOf } from "./node-rows.ts";

/** A histogram with the list of those bins that hold rows. */
export interface OccupiedHistogram {
  readonly histogram: Histogram;
  /** Bin numbers, ascending, the one of missing values last; valid up to `count` and until the next call. */
  readonly occupied: Uint8Array;
  readonly count: number;
}

const list = new Uint8Array(binSlots);

/** Lists the occupied bins of a histogram by looking at each. */
export function listOccupied(histogram: Histogram, bins: number): OccupiedHistogram {
  const { weights } = histogram;
  let count = 0;
  for (let bin = 0; bin < bins; bin++) {
    list[count] = bin;
    count += isOccupied(weights, bin);
  }
  list[count] = missingBin;
  count += isOccupied(weights, missingBin);
  return { histogram, occupied: list, count };
}

function isOccupied(weights: Int32Array, bin: number): number {
  let any = 0;
  for (let slot = bin; slot < weights.length; slot += binSlots) any |= weights[slot]!;
  return any === 0 ? 0 : 1;
}

/** The histogram of nodes with few rows: its work grows with the rows, not with the number of bins. */
export class SparseHistogram {
  readonly #rows: NodeRows;
  readonly #histogram: Histogram;
  readonly #bitmap = new Int32Array(binSlots / 32);

  constructor(rows: NodeRows, countRows: boolean) {
    this.#rows = rows;
    this.#histogram = emptyHistogram(rows.classes, countRows);
  }

  /** Counts a node's rows, forgetting the node before. */
  of(bins: Uint8Array, { start, end }: Span): OccupiedHistogram {
    this.#clear();
    const { order, codes } = this.#rows;
    const { weights, rows } = this.#histogram;
    const bitmap = this.#bitmap;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const code = codes[row]!;
      const bin = bins[row]!;
      weights[(code & classSlots) | bin]! += weightOf(code);
      bitmap[bin >> 5]! |= 1 << (bin & 31);
    }
    if (rows.length > 0) for (let i = start; i < end; i++) rows[bins[order[i]!]!]! += 1;
    return { histogram: this.#histogram, occupied: list, count: this.#list() };
  }

  #list(): number {
    let count = 0;
    for (let word = 0; word < this.#bitmap.length; word++) {
      let bits = this.#bitmap[word]!;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        list[count++] = (word << 5) | bit;
        bits &= bits - 1;
      }
    }
    return count;
  }

  #clear(): void {
    const { weights, rows } = this.#histogram;
    for (let word = 0; word < this.#bitmap.length; word++) {
      let bits = this.#bitmap[word]!;
      this.#bitmap[word] = 0;
      while (bits !== 0) {
        const bin = (word << 5) | (31 - Math.clz32(bits & -bits));
        bits &= bits - 1;
        for (let slot = bin; slot < weights.length; slot += binSlots) weights[slot] = 0;
        if (rows.length > 0) rows[bin] = 0;
      }
    }
  }
}
