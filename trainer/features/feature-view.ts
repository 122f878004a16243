import type { FeastType } from "./feast-type.ts";

/** A feature as its view declares it. */
export interface Feature {
  readonly name: string;
  readonly type: FeastType;
}

/** Parquet that a feature view reads, in the terms of Feast's `FileSource`. */
export interface FileSource {
  /** A file, a folder or a glob, as the registry has it: absolute, or relative to the repository. */
  readonly uri: string;
  readonly timestampField: string;
  /** Breaks ties of the event timestamp: the latest wins. */
  readonly createdTimestampColumn: string | undefined;
  /** Column of the file → name in the feature view. */
  readonly fieldMapping: Readonly<Record<string, string>>;
}

/** A feature view that Parquet files feed. */
export interface FeatureView {
  readonly name: string;
  readonly features: readonly Feature[];
  /** None: every entity row gets the latest row of the view. */
  readonly joinKeys: readonly string[];
  /** In the order of the join keys. */
  readonly joinKeyTypes: readonly FeastType[];
  /** Microseconds; 0 is unlimited. */
  readonly ttl: number;
  /** What to read, or why it can't be read here. */
  readonly source: FileSource | { readonly unsupported: string };
}

/** Features of one view, as a feature service selects them (Feast's `FeatureViewProjection`). */
export interface Projection {
  readonly view: string;
  /** The name given by `with_name`, else the view's. */
  readonly name: string;
  readonly features: readonly Feature[];
  /** Join key of the view → column of the entity table; a key that isn't named keeps its name. */
  readonly joinKeyMap: Readonly<Record<string, string>>;
  readonly versionTag: number | undefined;
}

/** What a Feast registry defines for one project. */
export interface Registry {
  readonly views: ReadonlyMap<string, FeatureView>;
  readonly services: ReadonlyMap<string, readonly Projection[]>;
  /** Views that need Python: name → what they are. */
  readonly unsupportedViews: ReadonlyMap<string, string>;
}
