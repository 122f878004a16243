import type { FeatureServiceSpec } from "../../mlflow/model-folder.ts";
import type { Selection } from "./resolve-features.ts";

/** A feature service as a model carries it, so that the features of entities are looked up as they were joined here. */
export function featureServiceSpec(project: string, name: string, { views, features }: Selection): FeatureServiceSpec {
  const byName = new Map(views.map((view) => [view.name, view]));
  const joinKeys = new Map(views.flatMap((view) => view.joinKeys).map(({ entity, type }) => [entity, type]));
  return {
    project,
    name,
    joinKeys: [...joinKeys].map(([name, type]) => ({ name, type })),
    features: features.map(({ name, view, feature }) => ({
      name,
      view,
      feature,
      ttlSeconds: byName.get(view)!.view.ttl / 1e6,
    })),
  };
}
