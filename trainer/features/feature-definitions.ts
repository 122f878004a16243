import type { Selection } from "./resolve-features.ts";

/**
 * Each feature's definition as one line of canonical JSON: what the value of a feature depends on besides its rows.
 * Paths are left out, since a moved file changes nothing.
 */
export function featureDefinitions({ views, features }: Selection): string[] {
  return features.map(({ name, view: viewName, feature, type }) => {
    const { view, source, joinKeys } = views.find((candidate) => candidate.name === viewName)!;
    return JSON.stringify({
      name,
      view: view.name,
      feature,
      type,
      ttlMicroseconds: view.ttl,
      joinKeys: joinKeys.map(({ view, entity }) => [view, entity]),
      timestampField: source.timestampField,
      createdTimestampColumn: source.createdTimestampColumn ?? null,
      fieldMapping: Object.entries(source.fieldMapping).sort(([a], [b]) => (a < b ? -1 : 1)),
    });
  });
}
