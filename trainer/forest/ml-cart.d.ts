/** The part of ml-cart 2 that the `cart` learner uses; the package comes without types. */
declare module "ml-cart" {
  export interface DecisionTreeOptions {
    gainFunction?: "gini";
    splitFunction?: "mean";
    /** A node of this many rows or fewer stays a leaf. */
    minNumSamples?: number;
    maxDepth?: number;
    /** A split must gain more than this. */
    gainThreshold?: number;
  }

  /** A node; a leaf is one without `left` and `right`, even where it still carries a split. */
  export interface TreeNode {
    readonly left?: TreeNode;
    readonly right?: TreeNode;
    readonly splitColumn?: number;
    /** A row goes left where its value is `< splitValue`. */
    readonly splitValue?: number;
  }

  export class DecisionTreeClassifier {
    constructor(options?: DecisionTreeOptions);
    readonly root: TreeNode;
    /** @param labels integers from 0 */
    train(rows: number[][], labels: number[]): void;
    predict(rows: number[][]): number[];
  }
}
