import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import test, { type ExecutionContext } from "ava";
import { bytesOf, inferOutputs, inferRequest } from "../fixtures/infer-request.ts";
import { type TinyService, tinyService } from "../fixtures/tiny-service.ts";
import { largeBytes } from "../http/body-parts.ts";
import { requestJson } from "../request-json.ts";

const names = ["age", "income", "score"] as const;
const rows = Array.from({ length: 30_000 }, (_, at) => [at % 7, (at % 5) / 8, at % 3]);
const column = (at: number) => rows.map((row) => row[at]!);

async function service(t: ExecutionContext, options: Parameters<typeof tinyService>[0] = {}) {
  const started = await tinyService(options);
  t.teardown(started.close);
  return started;
}

/** Sends a body in parts, with its length told beforehand or not. */
async function post(url: string, body: Buffer, headers: Record<string, string>, chunked: boolean) {
  const length = chunked ? { "Transfer-Encoding": "chunked" } : { "Content-Length": String(body.length) };
  const request = httpRequest(url, { method: "POST", headers: { ...headers, ...length } });
  for (let at = 0; at < body.length; at += 50_000) request.write(body.subarray(at, at + 50_000));
  request.end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

/** The probability of class 1, of each row. */
type Read = (body: Buffer, headers: NodeJS.Dict<string | string[]>) => number[];

const tensors = names.map((name, at) => {
  const [datatype, bytes] =
    at === 0
      ? (["INT64", bytesOf.INT64(...column(at).map(BigInt))] as const)
      : (["FP64", bytesOf.FP64(...column(at))] as const);
  return { name, datatype, shape: [rows.length], bytes };
});
const json = { "content-type": "application/json" };
const native: Read = (body) =>
  JSON.parse(body.toString()).probabilities.map((probabilities: number[]) => probabilities[1]!);
const asked: Record<string, { path: string; body: Buffer; headers: Record<string, string>; read: Read }> = {
  columns: {
    path: "/predict",
    body: Buffer.from(
      JSON.stringify({
        inputs: Object.fromEntries(names.map((name, at) => [name, column(at)])),
        return_probabilities: true,
      }),
    ),
    headers: json,
    read: native,
  },
  rows: {
    path: "/batch_predict",
    body: Buffer.from(
      JSON.stringify({
        instances: rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))),
        return_probabilities: true,
      }),
    ),
    headers: json,
    read: native,
  },
  "binary tensors": {
    path: "/v2/models/tiny/infer",
    ...inferRequest(tensors),
    read: (body, headers) =>
      inferOutputs(body, headers["inference-header-content-length"] as string).probabilities!.data.filter(
        (_, at) => at % 2 === 1,
      ) as number[],
  },
  CSV: {
    path: "/invocations",
    body: Buffer.from([names, ...rows].join("\n")),
    headers: { "content-type": "text/csv" },
    read: (body) => JSON.parse(body.toString()).predictions.map((row: { probability_1: number }) => row.probability_1),
  },
};

for (const [title, { path, body, headers, read }] of Object.entries(asked))
  for (const chunked of [false, true])
    test(`a large body of ${title}, ${chunked ? "whose length isn't told" : "of a length"}, is answered row for row`, async (t) => {
      t.true(body.length > largeBytes);
      const { endpoint } = await service(t);
      const answer = await post(endpoint + path, body, headers, chunked);
      t.is(answer.status, 200);
      t.deepEqual(read(answer.body, answer.headers), await oneByOne({ endpoint }));
    });

/** Asked with a few rows, those that there are: they repeat. */
async function oneByOne({ endpoint }: Pick<TinyService, "endpoint">): Promise<number[]> {
  const different = rows.slice(0, 7 * 5 * 3);
  const instances = different.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
  const { body } = await requestJson(`${endpoint}/batch_predict`, { body: { instances, return_probabilities: true } });
  const { probabilities } = body as { probabilities: number[][] };
  return rows.map((_, at) => probabilities[at % different.length]![1]!);
}

test("large bodies that wait too long are 503 with Retry-After; small ones and the last large one are answered", async (t) => {
  const { endpoint } = await service(t, { queueMs: 1 });
  const { path, body, headers } = asked.rows!;
  const answers = Array.from({ length: 12 }, () => post(endpoint + path, body, headers, false));
  const small = { inputs: { age: [1], income: [2] } };
  t.is((await requestJson(`${endpoint}/predict`, { body: small })).status, 200);
  const statuses = (await Promise.all(answers)).map(({ status, headers }) => {
    t.is(headers["retry-after"], status === 503 ? "1" : undefined);
    return status;
  });
  t.deepEqual([...new Set(statuses)].sort(), [200, 503]);
  t.is((await post(endpoint + path, body, headers, false)).status, 200);
});
