import type { Context, Next } from "koa";
import { InvalidFeatures, TooManyRows } from "../features/feature-problem.ts";
import { HttpProblem } from "./http-problem.ts";

/** The one place where an error becomes an answer: what isn't the client's doing is a 500 that shows nothing of itself. */
export async function errors(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const problem = toProblem(error);
    if (problem.status === 500) ctx.app.emit("error", error, ctx);
    ctx.status = problem.status;
    ctx.set(problem.headers);
    ctx.body = problem.toJSON();
    ctx.type = "application/problem+json";
  }
}

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof InvalidFeatures)
    return new HttpProblem(422, error.message, { errors: error.problems, cause: error });
  if (error instanceof TooManyRows) return new HttpProblem(413, error.message, { cause: error });
  return new HttpProblem(500, "the service failed to answer; its log says why", { cause: error });
}
