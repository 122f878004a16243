import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** What a client may ask of a supervisor, by path; the result becomes the answer's JSON. */
export type Commands = Readonly<Record<string, (body: unknown, signal: AbortSignal) => Promise<unknown>>>;

/**
 * Takes commands on 127.0.0.1 from those who know the token: `POST /<command>`, its argument as JSON.
 * A failed command answers 500 with `{"error"}`; a client that goes away aborts what it asked for.
 *
 * @returns the port.
 */
export async function serveControl(token: string, commands: Commands): Promise<number> {
  const server = createServer((request, response) => {
    answer(token, commands, request, response).catch(() => response.destroy());
  });
  // A command may take as long as a model takes to load.
  server.requestTimeout = 0;
  server.listen({ host: "127.0.0.1", port: 0, exclusive: true });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function answer(
  token: string,
  commands: Commands,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, body: unknown) =>
    response.writeHead(status, { "Content-Type": "application/json", Connection: "close" }).end(JSON.stringify(body));
  if (!isEqual(request.headers.authorization ?? "", `Bearer ${token}`)) return void send(401, { error: "wrong token" });
  const command = commands[(request.url ?? "").slice(1)];
  if (!command || request.method !== "POST") return void send(404, { error: `no such command: ${request.url}` });
  const gone = new AbortController();
  response.once("close", () => gone.abort(new Error("who asked for it has gone")));
  try {
    send(200, (await command(await json(request), gone.signal)) ?? {});
  } catch (error) {
    send(500, { error: (error as Error).message });
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
