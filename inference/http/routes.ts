import type { Context, Middleware } from "koa";
import { HttpProblem } from "./http-problem.ts";

/** Answers one method of one path. */
export type Handler = (ctx: Context) => void | Promise<void>;

/** Handlers by path, then by method; HEAD goes to GET. */
export type Routes = Readonly<Record<string, Partial<Record<"GET" | "POST", Handler>>>>;

/**
 * One look-up a request, by the path as sent: no pattern is matched, and a request target that no URL parser takes is
 * a 404 like any other. What isn't there is a 404, a path with another method a 405.
 */
export function route(routes: Routes): Middleware {
  const paths = new Map(Object.entries(routes));
  return async (ctx) => {
    const path = pathOf(ctx);
    const handlers = paths.get(path);
    if (!handlers) throw new HttpProblem(404, `no such path; there are ${[...paths.keys()].join(", ")}`);
    const method = ctx.method === "HEAD" ? "GET" : ctx.method;
    const handler = method === "GET" || method === "POST" ? handlers[method] : undefined;
    if (!handler) {
      const allowed = Object.keys(handlers).join(", ");
      throw new HttpProblem(405, `${path} takes ${allowed}, got ${ctx.method}`, { headers: { Allow: allowed } });
    }
    await handler(ctx);
  };
}

/** The request's path, as sent, without its query. */
export function pathOf({ req }: Context): string {
  const target = req.url ?? "";
  const query = target.indexOf("?");
  return query < 0 ? target : target.slice(0, query);
}
