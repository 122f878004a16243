/** MLflow's scalar column types that a numeric model takes; Feast's Int32 and Int64 are `long`, Float32 and Float64 `double`. */
export type ColumnType = "double" | "float" | "long" | "integer" | "boolean" | "string";

/** One named column of a signature. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /** false: null (missing) is allowed. */
  readonly required: boolean;
}

/** A column-based model signature, MLflow's `ModelSignature` over `ColSpec`s. */
export interface Signature {
  readonly inputs: readonly ColumnSpec[];
  /** Empty where the model declares none, or declares tensors. */
  readonly outputs: readonly ColumnSpec[];
}

/** One tensor of a signature. */
export interface TensorSpec {
  readonly name?: string;
  /** numpy's name of the element type, such as `float32`. */
  readonly dtype: string;
  /** -1 for a dimension of any length. */
  readonly shape: readonly number[];
}

/** A tensor-based model signature, as Python writes it for models logged with arrays. */
export interface TensorSignature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** Rows, and what the model must answer to them. */
export interface GoldenSample {
  readonly columns: readonly string[];
  /** rows x columns; null is a missing value. */
  readonly rows: readonly (readonly (number | null)[])[];
  /** One label a row. */
  readonly predictions: readonly number[];
  /** rows x classes. */
  readonly probabilities: readonly (readonly number[])[];
}

/** Distribution of one feature in the training rows, what a drift measure such as PSI compares with. */
export interface FeatureBaseline {
  readonly name: string;
  /** Training rows with a value. */
  readonly count: number;
  /** Training rows without one. */
  readonly missing: number;
  /** NaN, as are std, min and max, where no row has a value. */
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** Inner bin edges: deciles, deduplicated, ascending. */
  readonly edges: readonly number[];
  /** edges.length + 1 counts, missing values excluded. */
  readonly counts: readonly number[];
}

/** A FeatureService of Feast that a model was trained from, as its online features are looked up. */
export interface FeatureServiceSpec {
  readonly project: string;
  readonly name: string;
  /** What tells one entity from another. */
  readonly joinKeys: readonly JoinKey[];
  /** A feature a column of the signature, in its order. */
  readonly features: readonly ServedFeature[];
}

/** A column of entity rows. */
export interface JoinKey {
  readonly name: string;
  /** By its name in `feast.types`, such as `Int64`. */
  readonly type: string;
}

/** Where a column's values come from. */
export interface ServedFeature {
  /** The column. */
  readonly name: string;
  /** The feature view's name, or the one that `with_name` gave it in the service. */
  readonly view: string;
  readonly feature: string;
  /** Age from which the training took a value as missing; 0 for none. */
  readonly ttlSeconds: number;
}

/** All that becomes a model folder. */
export interface ModelArtifact {
  readonly onnx: Uint8Array;
  /** Name of the estimator, such as `RandomForestClassifier`. */
  readonly modelType: string;
  /** Label of each probability column. */
  readonly classes: readonly number[];
  readonly signature: Signature;
  /** A few rows as a caller would send them. */
  readonly inputExample: readonly Readonly<Record<string, number | null>>[];
  readonly golden: GoldenSample;
  readonly baseline: readonly FeatureBaseline[];
  /** Absent where the features were selected one by one. */
  readonly featureService?: FeatureServiceSpec;
}

/** A model folder as found: ours, or one that Python's `mlflow.onnx` wrote, which lacks what is optional here. */
export interface ModelFolder {
  readonly onnx: Uint8Array;
  /** SHA-256 of {@link onnx}, hex: what `sha256sum` prints for the file. */
  readonly sha256: string;
  /** Name of the ONNX file in the folder (`flavors.onnx.data`). */
  readonly onnxFile: string;
  /** Name of the estimator; `onnx` where the folder doesn't say. */
  readonly modelType: string;
  /** The run that logged it; absent where the model was saved outside a run. */
  readonly runId?: string;
  /** Label of each probability column, from the metadata that it was logged with. */
  readonly classes?: readonly number[] | readonly string[];
  /** Present where the inputs are named columns. */
  readonly signature?: Signature;
  /** Present where the inputs are tensors. Neither of the two: the folder declares nothing, and the ONNX graph alone tells. */
  readonly tensors?: TensorSignature;
  readonly golden?: GoldenSample;
  readonly baseline?: readonly FeatureBaseline[];
  readonly featureService?: FeatureServiceSpec;
}
