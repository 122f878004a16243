import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import test, { type ExecutionContext } from "ava";
import { tinyService } from "../fixtures/tiny-service.ts";
import { BearerTokens } from "../http/bearer-tokens.ts";
import { requestJson } from "../request-json.ts";

async function service(t: ExecutionContext, options: Parameters<typeof tinyService>[0] = {}) {
  const started = await tinyService(options);
  t.teardown(started.close);
  return started;
}

/** A request whose path goes out as it is: no client resolves the dots in it. */
async function ask(endpoint: string, path: string): Promise<{ response: IncomingMessage; body: string }> {
  const request = get({ host: "127.0.0.1", port: new URL(endpoint).port, path, agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { response, body: await text(response) };
}

test("the page loads what lies beside it and nothing else", async (t) => {
  const { endpoint } = await service(t);
  const { response, body } = await ask(endpoint, "/docs");
  t.is(response.statusCode, 200);
  t.is(response.headers["content-type"], "text/html; charset=utf-8");
  t.regex(String(response.headers["content-security-policy"]), /default-src 'none'; script-src 'self'/);
  t.notRegex(body, /https?:|<script>|style=/);
  const loaded = [...body.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, path]) => path!);
  t.is(loaded.length, 3);
  for (const path of loaded) {
    const asset = await ask(endpoint, `/${path}`);
    t.is(asset.response.statusCode, 200, path);
    t.regex(String(asset.response.headers["content-type"]), /^text\/(css|javascript); charset=utf-8$/);
    t.is(asset.response.headers["cache-control"], "public, max-age=31536000, immutable");
    t.is(Number(asset.response.headers["content-length"]), Buffer.byteLength(asset.body));
  }
});

for (const path of [
  "/docs/",
  "/docs/package.json",
  "/docs/../package.json",
  "/docs/..%2Fpackage.json",
  "/docs/%2E%2E%2F%2E%2E%2Fkoa%2Fpackage.json",
  "/docs/__proto__",
])
  test(`${path} is 404`, async (t) => {
    const { endpoint } = await service(t);
    const { response } = await ask(endpoint, path);
    t.is(response.statusCode, 404);
  });

test("the document waits for the model, and is that of the model which is served", async (t) => {
  const { endpoint, serving } = await service(t, { loaded: false });
  t.is((await requestJson(`${endpoint}/openapi.json`)).status, 503);
  t.is((await ask(endpoint, "/docs")).response.statusCode, 200);
  const { serving: other } = await service(t);
  serving.serve(other.model!);
  t.like((await requestJson(`${endpoint}/openapi.json`)).body, { openapi: "3.1.0", info: { version: "1" } });
  serving.serve({ ...other.model!, version: "2" });
  t.like((await requestJson(`${endpoint}/openapi.json`)).body, { info: { version: "2" } });
});

test("with bearer tokens the page is open, and the document needs one and says so of each that does", async (t) => {
  const token = "a".repeat(32);
  const { endpoint } = await service(t, { tokens: new BearerTokens([token]) });
  t.is((await ask(endpoint, "/docs")).response.statusCode, 200);
  t.is((await requestJson(`${endpoint}/openapi.json`)).status, 401);
  const { body } = await requestJson(`${endpoint}/openapi.json`, { headers: { Authorization: `Bearer ${token}` } });
  const { paths, components } = body as {
    paths: Record<string, Record<"get" | "post", { security?: unknown; responses: object } | undefined>>;
    components: object;
  };
  t.like(components, { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } });
  t.deepEqual(paths["/predict"]!.post!.security, [{ bearer: [] }]);
  t.true("401" in paths["/predict"]!.post!.responses);
  t.false("security" in paths["/health"]!.get!);
  for (const [path, item] of Object.entries(paths))
    for (const method of ["GET", "POST"] as const) {
      const operation = item[method === "GET" ? "get" : "post"];
      if (!operation) continue;
      const { status } = await requestJson(endpoint + path.replace("{model}", "tiny").replace("{version}", "1"), {
        method,
      });
      t.deepEqual(operation.security, status === 401 ? [{ bearer: [] }] : undefined, `${method} ${path}: ${status}`);
      t.is("401" in operation.responses, status === 401, `${method} ${path}`);
    }
});
