import type { Context, Next } from "koa";
import { InvalidFeatures, TooManyRows } from "../features/feature-problem.ts";
import { Overloaded } from "../overloaded.ts";
import type { Exchange } from "./exchange.ts";
import { HttpProblem, problemType } from "./http-problem.ts";

/** The one place of the Koa app where an error becomes an answer. */
export async function errors(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const problem = toProblem(error);
    if (problem.status === 500) ctx.app.emit("error", error, ctx);
    ctx.status = problem.status;
    ctx.set(problem.headers);
    ctx.body = bodyOf(problem, ctx.req.url ?? "");
    ctx.type = problemType;
  }
}

/** An error as an answer: what isn't the client's doing is a 500 that shows nothing of itself. */
export function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof InvalidFeatures)
    return new HttpProblem(422, error.message, { errors: error.problems, cause: error });
  if (error instanceof TooManyRows) return new HttpProblem(413, error.message, { cause: error });
  if (error instanceof Overloaded) return new HttpProblem(503, error.message, { headers: { "Retry-After": "1" } });
  return new HttpProblem(500, "the service failed to answer; its log says why", { cause: error });
}

/** Answers with a problem, outside of Koa. */
export function writeProblem({ path, response, headers }: Exchange, problem: HttpProblem): void {
  const body = JSON.stringify(bodyOf(problem, path));
  for (const [name, value] of Object.entries(problem.headers)) headers.push(name, value);
  headers.push("Content-Type", problemType, "Content-Length", String(Buffer.byteLength(body)));
  response.writeHead(problem.status, headers).end(body);
}

/** Clients of the Open Inference Protocol look for the message in `error`, which RFC 9457 allows beside its own members. */
function bodyOf(problem: HttpProblem, path: string): object {
  return /^\/v2([/?]|$)/.test(path) ? { ...problem.toJSON(), error: problem.message } : problem.toJSON();
}
