import type { Endpoint } from "./endpoint.ts";

/** An endpoint that a path leads to. */
export interface Route {
  readonly endpoint: Endpoint;
  /** What stands in the places of the path's parts in braces. */
  readonly parts: Readonly<Record<string, string>>;
}

/**
 * Finds endpoints by the path as it was sent, without its query. Most take one look-up; a path with parts in braces is
 * matched only where there is none as sent.
 */
export function createRouter(endpoints: readonly Endpoint[]): (path: string) => Route | undefined {
  const exact = new Map<string, Route>();
  const patterns: [RegExp, Endpoint][] = [];
  for (const endpoint of endpoints)
    if (endpoint.path.includes("{")) patterns.push([pattern(endpoint.path), endpoint]);
    else exact.set(endpoint.path, { endpoint, parts: {} });
  return (path) => exact.get(path) ?? match(patterns, path);
}

function match(patterns: readonly [RegExp, Endpoint][], path: string): Route | undefined {
  for (const [pattern, endpoint] of patterns) {
    const groups = pattern.exec(path)?.groups;
    if (!groups) continue;
    const parts = Object.entries(groups).map(([name, text]) => [name, decode(text)]);
    return { endpoint, parts: Object.fromEntries(parts) };
  }
  return undefined;
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

/** What is no percent-encoding stays as it is: it then names nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
