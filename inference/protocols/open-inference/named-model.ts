import { HttpProblem } from "../../http/http-problem.ts";

/** What a path names. */
export type NamedParts = Readonly<Record<string, string>>;

/**
 * Checks that a path's `{model}`, and its `{version}` where it has one, are those that are served.
 *
 * @throws HttpProblem 404
 */
export function requireNamed(served: { readonly name: string; readonly version: string }, parts: NamedParts): void {
  const { model, version = served.version } = parts;
  if (model === served.name && version === served.version) return;
  const asked = version === served.version ? `model ${model}` : `version ${version} of model ${model}`;
  throw new HttpProblem(
    404,
    `expected version ${served.version} of model ${served.name}, which is all that is served, got ${asked.slice(0, 200)}`,
  );
}
