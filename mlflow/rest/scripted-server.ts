import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a scripted server got it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server for tests that answers as it is told. */
export interface ScriptedServer {
  readonly uri: string;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/**
 * @param answer Answers each request, or leaves it without an answer.
 * @param port 0 for any that is free.
 */
export async function scriptedServer(
  answer: (request: ReceivedRequest, response: ServerResponse) => void,
  port = 0,
): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (message, response) => {
    const request = await receive(message);
    requests.push(request);
    answer(request, response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function receive(message: IncomingMessage): Promise<ReceivedRequest> {
  const { method = "", url = "" } = message;
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return { method, url, authorization: message.headers.authorization, body: Buffer.concat(chunks).toString("latin1") };
}
