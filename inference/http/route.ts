import type { Middleware } from "koa";
import { allowedMethods, type Endpoint } from "./endpoint.ts";
import { HttpProblem } from "./http-problem.ts";
import { pathOf } from "./path-of.ts";
import type { Route } from "./router.ts";

/** Answers by the endpoint's handler. A path that leads nowhere is a 404, one with another method a 405. */
export function route(router: (path: string) => Route | undefined, endpoints: readonly Endpoint[]): Middleware {
  const there = endpoints.map(({ path }) => path).join(", ");
  return async (ctx) => {
    // Not Koa's own, which a request target that no URL parser takes would be an error for.
    const path = pathOf(ctx.req);
    const found = router(path);
    if (!found) throw new HttpProblem(404, `no such path; there are ${there}`);
    const { endpoint, parts } = found;
    const handler = ctx.method === "POST" ? endpoint.POST : /^(GET|HEAD)$/.test(ctx.method) ? endpoint.GET : undefined;
    if (typeof handler === "function") return handler(ctx, parts);
    const allowed = allowedMethods(endpoint);
    throw new HttpProblem(405, `${path} takes ${allowed}, got ${ctx.method}`, { headers: { Allow: allowed } });
  };
}
