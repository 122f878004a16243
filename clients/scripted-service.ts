import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A stand-in for a service, which answers its requests one after the other as it is told. */
export interface ScriptedService {
  readonly url: string;
  /** What came, in order. */
  readonly requests: readonly { readonly url: string; readonly authorization: string | undefined }[];
  close(): void;
}

/** How a request is answered; the last one answers all that follow. */
export type Step = (request: IncomingMessage, response: ServerResponse) => void;

export async function scriptedService(...steps: readonly [Step, ...Step[]]): Promise<ScriptedService> {
  const requests: { url: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const step = steps[Math.min(requests.length, steps.length - 1)]!;
    requests.push({ url: request.url!, authorization: request.headers.authorization });
    request.resume();
    request.once("end", () => step(request, response));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}

/** Answers with JSON. */
export function answer(status: number, body: object, headers: Record<string, string> = {}): Step {
  return (_, response) => response.writeHead(status, headers).end(JSON.stringify(body));
}
