import { answersFrom } from "../answers.ts";
import { type ForestJson, treeFromJson, treeToJson } from "./forest-json.ts";
import { type ForestParams, forestParams } from "./forest-params.ts";
import { type FitOptions, growForest } from "./grow-forest.ts";
import { meanOfLeaves } from "./predict-proba.ts";
import { checkCartRows, checkColumns, encodeLabels } from "./training-data.ts";
import type { Tree } from "./tree.ts";

interface Fitted {
  readonly featureCount: number;
  readonly classes: readonly number[];
  readonly trees: readonly Tree[];
}

/**
 * A random forest with scikit-learn's parameters and meaning.
 *
 * Missing values (NaN) are learned from: where a node has some of the feature that it splits on, the split sends them
 * to the side that lowers the impurity more, and may part them from all others. Where it has none, they go to the side
 * that weighs more in training, the right one of equals.
 *
 * Source: Breiman, "Random Forests", 2001; scikit-learn, `sklearn/ensemble/_forest.py`.
 */
export class RandomForestClassifier {
  readonly params: ForestParams;
  #fitted: Fitted | undefined;

  /** @throws RangeError where a parameter is unknown or out of its range */
  constructor(params: Partial<ForestParams> = {}) {
    this.params = forestParams(params);
  }

  /** The labels, ascending: what the columns of {@link predictProba} stand for. */
  get classes(): readonly number[] {
    return this.#model().classes;
  }

  get trees(): readonly Tree[] {
    return this.#model().trees;
  }

  /** Number of features that it was fitted on. */
  get featureCount(): number {
    return this.#model().featureCount;
  }

  /**
   * Trains on `columns`, one array a feature, each as long as `labels`; NaN is a missing value.
   *
   * @param labels integers, one a row
   * @throws RangeError where rows, labels or parameters don't fit together; the signal's reason where it is aborted
   */
  async fit(columns: readonly Float64Array[], labels: ArrayLike<number>, options: FitOptions = {}): Promise<this> {
    checkColumns(columns, labels.length);
    if (this.params.treeLearner === "cart") checkCartRows(columns, labels.length);
    const encoded = encodeLabels(labels);
    const trees = await growForest(this.params, columns, encoded, options);
    this.#fitted = { featureCount: columns.length, classes: encoded.classes, trees };
    return this;
  }

  /**
   * Class probabilities, rows x classes, row major: the mean of the trees' leaf shares.
   * Each row's trees are summed exactly, so the order of the trees makes no difference.
   */
  predictProba(columns: readonly Float64Array[]): Float64Array {
    const { featureCount, classes, trees } = this.#model();
    if (columns.length !== featureCount)
      throw new RangeError(`expected ${featureCount} features, as in training, got ${columns.length}`);
    const rows = columns[0]!.length;
    const odd = columns.findIndex(({ length }) => length !== rows);
    if (odd >= 0)
      throw new RangeError(
        `feature ${odd} must have as many values as feature 0 (${rows}), got ${columns[odd]!.length}`,
      );
    return meanOfLeaves(trees, classes.length, columns);
  }

  /** The label of each row: the first class of highest probability. */
  predict(columns: readonly Float64Array[]): Float64Array {
    return answersFrom(this.predictProba(columns), this.classes).predictions;
  }

  toJSON(): ForestJson {
    const { featureCount, classes, trees } = this.#model();
    return { name: "RandomForestClassifier", params: this.params, featureCount, classes, trees: trees.map(treeToJson) };
  }

  /** @throws TypeError or RangeError where `json` isn't what {@link toJSON} gave */
  static load(json: ForestJson): RandomForestClassifier {
    if (json.name !== "RandomForestClassifier")
      throw new TypeError(`expected the JSON of a RandomForestClassifier, got that of ${JSON.stringify(json.name)}`);
    const { featureCount, classes } = json;
    const forest = new RandomForestClassifier(json.params);
    const trees = json.trees.map((tree, index) => treeFromJson(tree, classes.length, featureCount, index));
    forest.#fitted = { featureCount, classes, trees };
    return forest;
  }

  #model(): Fitted {
    if (!this.#fitted) throw new Error("This RandomForestClassifier instance is not fitted yet: call fit first.");
    return this.#fitted;
  }
}
