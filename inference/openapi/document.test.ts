import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import { endpoints } from "../endpoints.ts";
import { type TinyService, tinyService } from "../fixtures/tiny-service.ts";
import { requestJson } from "../request-json.ts";
import { Serving } from "../serving.ts";
import type { DescribedModel } from "./described-model.ts";
import { openapiDocument } from "./document.ts";

const limits = { bodyLimit: 1000, rowLimit: 50, ignoreUnknown: false };

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { content: Record<string, { example?: unknown }> };
  readonly responses: Record<string, { content: Record<string, { schema: object }> }>;
}
interface Document {
  readonly paths: Record<string, { get?: Operation; post?: Operation; parameters?: object[] }>;
  readonly components: { readonly schemas: Record<string, Record<string, unknown>> };
}

let service: TinyService;
test.before(async () => {
  service = await tinyService();
});
test.after.always(() => service.close());

function describe(model: DescribedModel): Document {
  return JSON.parse(JSON.stringify(openapiDocument(model, limits)));
}

test("every endpoint is described, with its methods, but the document and its page", (t) => {
  const { paths } = describe(service.serving.model!);
  const described = Object.entries(paths).map(([path, { get, post }]) => [path, Boolean(get), Boolean(post)]);
  const there = endpoints(new Serving({ name: "tiny", version: "1" }), limits)
    .filter(({ path }) => !/^\/(openapi\.json|docs)/.test(path))
    .map(({ path, GET, POST }) => [path, Boolean(GET), Boolean(POST)]);
  t.deepEqual(described.sort(), there.sort());
});

test("operations are told from one another by their ids", (t) => {
  const ids = Object.values(describe(service.serving.model!).paths).flatMap(({ get, post }) =>
    [get, post].flatMap((operation) => operation?.operationId ?? []),
  );
  t.is(new Set(ids).size, ids.length);
});

test("every example can be sent as it is, and every answer fits its schema", async (t) => {
  const document = describe(service.serving.model!);
  const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(document, "document");
  let answers = 0;
  for (const [path, { get, post }] of Object.entries(document.paths)) {
    const url = service.endpoint + path.replace("{model}", "tiny").replace("{version}", "1");
    const examples = Object.entries(post?.requestBody?.content ?? {}).filter(
      ([, { example }]) => example !== undefined,
    );
    const asked = get
      ? [[get, {}] as const]
      : examples.map(([type, { example }]) => [post!, { type, example }] as const);
    for (const [operation, { type, example }] of asked as [Operation, { type?: string; example?: unknown }][]) {
      const answer = await ask(url, type, example);
      t.is(answer.status, 200, `${path} ${type}: ${answer.text}`);
      const [pointer, media] = Object.entries(operation.responses["200"]!.content)[0]!;
      t.true("schema" in media, pointer);
      const place = `document#/paths/${escaped(path)}/${get ? "get" : "post"}/responses/200/content/${escaped(pointer)}/schema`;
      t.true(ajv.validate({ $ref: place }, answer.body ?? answer.text), ajv.errorsText());
      answers++;
    }
  }
  t.is(answers, 18);
});

async function ask(url: string, type: string | undefined, example: unknown) {
  if (type === undefined) return requestJson(url);
  const body = typeof example === "string" ? example : JSON.stringify(example);
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": type }, body });
  const text = await answer.text();
  return { status: answer.status, text, body: JSON.parse(text) };
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}
