/** What a Feast repository, a selection of features or an entity table has wrong; its message says what to do. */
export class FeatureError extends Error {
  override name = "FeatureError";
}

/** A list for a message: `a, b and 3 more`. */
export function listed(names: Iterable<string>, most = 12): string {
  const all = [...names];
  if (all.length === 0) return "none";
  const rest = all.length - most;
  return rest > 0 ? `${all.slice(0, most).join(", ")} and ${rest} more` : all.join(", ");
}
