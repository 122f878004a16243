import type { ForestParams } from "./forest-params.ts";
import type { Tree } from "./tree.ts";

/** What {@link RandomForestClassifier.fit} takes beside the rows. */
export interface FitOptions {
  /** Ends the training: `fit` rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each tree. */
  readonly onTree?: ((done: number, total: number) => void) | undefined;
  /** Worker threads; 0 trains in this thread. It never changes the forest. @default 0 for small data, else one a core */
  readonly workers?: number | undefined;
}

/** What {@link RandomForestClassifier.toJSON} gives and {@link RandomForestClassifier.load} takes. */
export interface ForestJson {
  readonly name: "RandomForestClassifier";
  readonly params: ForestParams;
  readonly features: number;
  readonly classes: readonly number[];
  readonly trees: readonly Readonly<Record<keyof Tree, readonly number[]>>[];
}

/** A random forest (Breiman, "Random Forests", 2001) with scikit-learn's parameters and meaning. */
export class RandomForestClassifier {
  readonly params: ForestParams;

  /** @throws RangeError where a parameter is unknown or out of its range. */
  constructor(params: Partial<ForestParams> = {}) {
    this.params = params as ForestParams;
  }

  /** The labels, ascending: the columns of {@link predictProba}. */
  get classes(): readonly number[] {
    throw new Error("not built yet");
  }

  get trees(): readonly Tree[] {
    throw new Error("not built yet");
  }

  /**
   * Trains on `columns`, one array a feature, all as long as `labels`; NaN is a missing value.
   *
   * @param labels class labels, integers
   */
  async fit(_columns: readonly Float64Array[], _labels: ArrayLike<number>, _options: FitOptions = {}): Promise<this> {
    throw new Error("not built yet");
  }

  /** Class probabilities, rows x classes, row major: the mean of the trees' leaf shares. */
  predictProba(_columns: readonly Float64Array[]): Float64Array {
    throw new Error("not built yet");
  }

  /** The label of each row: the first class of highest probability. */
  predict(_columns: readonly Float64Array[]): Float64Array {
    throw new Error("not built yet");
  }

  toJSON(): ForestJson {
    throw new Error("not built yet");
  }

  /** @throws Error where `json` isn't what {@link toJSON} gave. */
  static load(_json: ForestJson): RandomForestClassifier {
    throw new Error("not built yet");
  }
}
