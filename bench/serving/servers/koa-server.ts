import type { IncomingMessage } from "node:http";
import Koa from "koa";

/**
 * A Koa app with nothing but one middleware, which parses the JSON body and serializes what `answer` makes of it, and
 * `GET /health`.
 */
export function serveKoa(port: number, answer: (body: unknown) => unknown): void {
  const app = new Koa();
  app.use(async (ctx) => {
    ctx.body = ctx.req.url === "/health" ? { status: "healthy" } : await answer(JSON.parse(await readText(ctx.req)));
  });
  app.listen(port, "127.0.0.1");
}

function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.once("error", reject);
  });
}
