import type { FeastType } from "./feast-type.ts";
import { FeatureError, listed } from "./feature-error.ts";
import type { FeatureRepository } from "./feature-repository.ts";
import type { FeatureView, FileSource, Projection } from "./feature-view.ts";

/** What to retrieve: a feature service, or features as `view:feature`. */
export type FeatureSelection = { readonly service: string } | { readonly features: readonly string[] };

/** A feature of the answer. */
export interface SelectedFeature {
  /** Its column: the feature's name, or `view__feature` where full names are asked for. */
  readonly name: string;
  /** The view's name, or the one that `with_name` gave it. */
  readonly view: string;
  readonly feature: string;
  readonly type: FeastType;
}

/** A view to join, and how. */
export interface SelectedView {
  /** The view's name, or the one that `with_name` gave it. */
  readonly name: string;
  readonly view: FeatureView;
  readonly source: FileSource;
  readonly joinKeys: readonly { readonly view: string; readonly entity: string; readonly type: FeastType }[];
  readonly features: readonly SelectedFeature[];
}

/** Views and features of a selection; `features` in the order that was asked for. */
export interface Selection {
  readonly views: readonly SelectedView[];
  readonly features: readonly SelectedFeature[];
}

/**
 * Finds what a selection names.
 *
 * @param fullFeatureNames - name the columns `view__feature`.
 * @throws FeatureError where a name is unknown, two features get the same name, or a view is not for this join.
 */
export function resolveFeatures(
  repository: FeatureRepository,
  selection: FeatureSelection,
  fullFeatureNames: boolean,
): Selection {
  const projections =
    "service" in selection ? service(repository, selection.service) : references(repository, selection.features);
  const features = projections.flatMap((projection) =>
    projection.features.map(({ name, type }) => ({
      name: fullFeatureNames ? `${projection.name}__${name}` : name,
      view: projection.name,
      feature: name,
      type,
    })),
  );
  if (features.length === 0) throw new FeatureError("expected at least one feature, got none");
  checkNames(features, fullFeatureNames);
  const byName = new Map(projections.toReversed().map((projection) => [projection.name, projection]));
  const views = [...new Set(projections.map(({ name }) => name))].map((name) => {
    const own = features.filter((feature) => feature.view === name);
    return selectedView(repository, byName.get(name)!, own);
  });
  return { views, features };
}

function service(repository: FeatureRepository, name: string): readonly Projection[] {
  const projections = repository.services.get(name);
  if (projections) return projections;
  throw new FeatureError(
    `feature service ${name} is not in project ${repository.project} of ${repository.dir}: ` +
      `it has ${listed(repository.services.keys())}`,
  );
}

function references(repository: FeatureRepository, names: readonly string[]): Projection[] {
  return names.map((reference) => {
    const [view, feature, ...rest] = reference.split(":");
    if (!view || !feature || rest.length > 0)
      throw new FeatureError(`expected a feature as view:feature, got ${JSON.stringify(reference)}`);
    const found = find(repository, view).features.find(({ name }) => name === feature);
    // Its type is in the registry alone, so an unknown feature can't be passed on to the join's own check.
    if (!found) throw unknownFeature(find(repository, view), feature);
    return { view, name: view, features: [found], joinKeyMap: {}, versionTag: undefined };
  });
}

function find(repository: FeatureRepository, name: string): FeatureView {
  const view = repository.views.get(name);
  if (view) return view;
  const unsupported = repository.unsupportedViews.get(name);
  if (unsupported)
    throw new FeatureError(
      `${name} is ${unsupported}, which only Feast itself computes: select the features of its source views, ` +
        `or get its features with Feast and pass them on as a Parquet file`,
    );
  if (name.includes("@"))
    throw new FeatureError(`expected a feature view, got ${name}: versions of feature views are not supported`);
  throw new FeatureError(
    `feature view ${name} is not in project ${repository.project} of ${repository.dir}: ` +
      `it has ${listed([...repository.views.keys(), ...repository.unsupportedViews.keys()])}`,
  );
}

function unknownFeature(view: FeatureView, feature: string): FeatureError {
  const known = listed(view.features.map(({ name }) => name));
  return new FeatureError(`feature ${feature} is not in feature view ${view.name}: it has ${known}`);
}

function selectedView(
  repository: FeatureRepository,
  projection: Projection,
  features: readonly SelectedFeature[],
): SelectedView {
  const view = find(repository, projection.view);
  if (projection.versionTag !== undefined)
    throw new FeatureError(
      `expected feature view ${view.name}, got its version ${projection.versionTag}: versions are not supported`,
    );
  if ("unsupported" in view.source)
    throw new FeatureError(`feature view ${view.name} can't be joined here: ${view.source.unsupported}`);
  for (const { feature } of features)
    if (!view.features.some(({ name }) => name === feature)) throw unknownFeature(view, feature);
  const stray = Object.keys(projection.joinKeyMap).filter((key) => !view.joinKeys.includes(key));
  if (stray.length > 0)
    throw new FeatureError(
      `the join key map of ${projection.name} names ${listed(stray)}: ` +
        `the join keys of feature view ${view.name} are ${listed(view.joinKeys)}`,
    );
  const joinKeys = view.joinKeys.map((key, place) => ({
    view: key,
    entity: projection.joinKeyMap[key] ?? key,
    type: view.joinKeyTypes[place]!,
  }));
  return { name: projection.name, view, source: view.source, joinKeys, features };
}

/** Feast's `_validate_feature_refs`: two columns of the same name are an error, not a renaming. */
function checkNames(features: readonly SelectedFeature[], fullFeatureNames: boolean): void {
  const names = features.map(({ name }) => name);
  const twice = new Set(names.filter((name, place) => names.indexOf(name) < place));
  if (twice.size === 0) return;
  const references = features.filter(({ name }) => twice.has(name)).map(({ view, feature }) => `${view}:${feature}`);
  throw new FeatureError(
    `Duplicate features named ${listed(twice)} found: ${listed(references)}. ` +
      (fullFeatureNames
        ? "Give the views or their features different names (a view joined twice: with_name)"
        : "Ask for full feature names (view__feature), or give the features different names"),
  );
}
