import type { ServerResponse } from "node:http";
import type { ExecutionContext } from "ava";
import { type ReceivedRequest, type ScriptedServer, scriptedServer } from "../rest/scripted-server.ts";
import { S3Artifacts } from "./artifacts.ts";

export type S3Answer = (request: ReceivedRequest, response: ServerResponse) => void;

/** A stand-in for S3 for one test: lists the objects of `bucket` and gives them, but for the overrides, by key or `list`. */
export async function serveS3(
  t: ExecutionContext,
  objects: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, S3Answer>> = {},
): Promise<ScriptedServer> {
  const server = await scriptedServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://s3");
    const key = decodeURIComponent(pathname.replace(/^\/bucket\/?/, ""));
    const prefix = searchParams.get("prefix") ?? "";
    const keys = Object.keys(objects).filter((name) => name.startsWith(prefix));
    const override = overrides[key === "" ? "list" : key];
    if (override !== undefined) override(request, response);
    else if (request.method === "PUT") response.writeHead(200).end();
    else if (key === "") response.end(listing(keys));
    else if (objects[key] === undefined) refuse(404, "NoSuchKey", "not there")(request, response);
    else response.end(objects[key]);
  });
  t.teardown(() => server.close());
  return server;
}

/** Opens the stand-in, with time-outs fit for a test. */
export function openS3(server: Pick<ScriptedServer, "uri">, environment: Record<string, string> = {}): S3Artifacts {
  return new S3Artifacts({ timeoutMs: 300, environment: { MLFLOW_S3_ENDPOINT_URL: server.uri, ...environment } });
}

/** An error of S3 (docs: API/ErrorResponses.html). */
export function refuse(status: number, code: string, message: string): S3Answer {
  return (_, response) =>
    response
      .writeHead(status, { "content-type": "application/xml" })
      .end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

function listing(keys: readonly string[]): string {
  const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join("");
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
}
