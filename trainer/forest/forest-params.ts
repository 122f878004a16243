import type { TreeLimits } from "./tree-learner.ts";

/** Hyperparameters of a {@link RandomForestClassifier}, in scikit-learn's terms. */
export interface ForestParams {
  /** Number of trees. @default 100 */
  readonly nEstimators: number;
  /** Function that measures a split's quality. @default "gini" */
  readonly criterion: "gini";
  /** Greatest number of splits between the root and a leaf; null: no limit. @default null */
  readonly maxDepth: number | null;
  /** Rows that a node needs to be split; one that the bootstrap drew twice counts once. @default 2 */
  readonly minSamplesSplit: number;
  /** Rows that each side of a split must keep; one that the bootstrap drew twice counts once. @default 1 */
  readonly minSamplesLeaf: number;
  /**
   * Features drawn at each node: the square root or the base-2 logarithm of their number, an integer (that many),
   * a number between 0 and 1 (that share), or null (all of them). The `cart` learner draws them once a tree.
   *
   * @default "sqrt"
   */
  readonly maxFeatures: "sqrt" | "log2" | number | null;
  /** Whether each tree learns from as many rows drawn with replacement, or from the rows as they are. @default true */
  readonly bootstrap: boolean;
  /** Seed, 0 to 2^32 - 1: the same seed, rows and parameters give the same forest, bit for bit. @default 0 */
  readonly randomState: number;
  /** `histogram`: binned, for any number of rows; `cart`: ml-cart's exact tree, for small data. @default "histogram" */
  readonly treeLearner: "histogram" | "cart";
  /** Bins a feature of the `histogram` learner, 2 to 255; missing values have one more. @default 255 */
  readonly maxBins: number;
}

const defaults: ForestParams = {
  nEstimators: 100,
  criterion: "gini",
  maxDepth: null,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  maxFeatures: "sqrt",
  bootstrap: true,
  randomState: 0,
  treeLearner: "histogram",
  maxBins: 255,
};

interface Rule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const rules: { readonly [name in keyof ForestParams]: Rule } = {
  nEstimators: integerIn(1, Number.POSITIVE_INFINITY),
  criterion: oneOf("gini"),
  maxDepth: or(integerIn(1, Number.POSITIVE_INFINITY), oneOf(null)),
  minSamplesSplit: integerIn(2, Number.POSITIVE_INFINITY),
  minSamplesLeaf: integerIn(1, Number.POSITIVE_INFINITY),
  maxFeatures: or(integerIn(1, Number.POSITIVE_INFINITY), share(), oneOf("sqrt", "log2", null)),
  bootstrap: oneOf(true, false),
  randomState: integerIn(0, 2 ** 32 - 1),
  treeLearner: oneOf("histogram", "cart"),
  maxBins: integerIn(2, 255),
};

/**
 * Fills in the defaults and checks each parameter.
 *
 * @throws RangeError naming the parameter, what was expected and what came
 */
export function forestParams(given: Partial<ForestParams>): ForestParams {
  const names = Object.keys(defaults);
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw new RangeError(`RandomForestClassifier has no parameter '${name}': it has ${names.join(", ")}`);
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const params: ForestParams = { ...defaults, ...Object.fromEntries(set) };
  for (const [name, { expected, holds }] of Object.entries(rules)) {
    const value = params[name as keyof ForestParams];
    if (!holds(value))
      throw new RangeError(
        `The '${name}' parameter of RandomForestClassifier must be ${expected}. Got ${JSON.stringify(value)} instead.`,
      );
  }
  if (params.treeLearner === "cart" && params.minSamplesLeaf > 1)
    throw new RangeError(
      `The 'minSamplesLeaf' parameter must be 1 for treeLearner 'cart', as ml-cart knows none. Got ${params.minSamplesLeaf} instead: use treeLearner 'histogram', or minSamplesSplit.`,
    );
  return params;
}

/** The limits of a tree over so many features. */
export function treeLimits(params: ForestParams, features: number): TreeLimits {
  const { maxDepth, minSamplesSplit, minSamplesLeaf } = params;
  const maxFeatures = Math.min(features, Math.max(1, Math.floor(featuresDrawn(params.maxFeatures, features))));
  return { maxDepth: maxDepth ?? Number.POSITIVE_INFINITY, minSamplesSplit, minSamplesLeaf, maxFeatures };
}

function featuresDrawn(maxFeatures: ForestParams["maxFeatures"], features: number): number {
  if (maxFeatures === null) return features;
  if (maxFeatures === "sqrt") return Math.sqrt(features);
  if (maxFeatures === "log2") return Math.log2(features);
  return maxFeatures < 1 ? maxFeatures * features : maxFeatures;
}

function integerIn(low: number, high: number): Rule {
  const range = high === Number.POSITIVE_INFINITY ? `[${low}, inf)` : `[${low}, ${high}]`;
  return {
    expected: `an int in the range ${range}`,
    holds: (value) => Number.isSafeInteger(value) && Number(value) >= low && Number(value) <= high,
  };
}

function share(): Rule {
  return {
    expected: "a float in the range (0.0, 1.0)",
    holds: (value) => typeof value === "number" && value > 0 && value < 1,
  };
}

function oneOf(...values: readonly (string | boolean | null)[]): Rule {
  return {
    expected: values.map((value) => JSON.stringify(value)).join(" or "),
    holds: (value) => values.includes(value as never),
  };
}

function or(...alternatives: readonly Rule[]): Rule {
  return {
    expected: alternatives.map(({ expected }) => expected).join(" or "),
    holds: (value) => alternatives.some(({ holds }) => holds(value)),
  };
}
