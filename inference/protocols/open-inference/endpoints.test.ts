import test, { type ExecutionContext } from "ava";
import { bytesOf, inferOutputs, inferRequest } from "../../fixtures/infer-request.ts";
import { tinyService } from "../../fixtures/tiny-service.ts";
import { requestJson } from "../../request-json.ts";

async function service(t: ExecutionContext, options: Parameters<typeof tinyService>[0] = {}) {
  const started = await tinyService(options);
  t.teardown(started.close);
  return started;
}

const age = { name: "age", datatype: "INT64", shape: [2], data: [0, 1] };
const income = { name: "income", datatype: "FP64", shape: [2], data: [0.1, 0.9] };
const score = { name: "score", datatype: "FP64", shape: [2], data: [0.2, 0.4] };

test("server and model say what they are", async (t) => {
  const { endpoint } = await service(t);
  const server = await requestJson(`${endpoint}/v2`);
  t.like(server.body, { name: "ml-inference", extensions: ["binary_tensor_data"] });
  for (const path of ["/v2/models/tiny", "/v2/models/tiny/versions/1"])
    t.deepEqual((await requestJson(endpoint + path)).body, {
      name: "tiny",
      versions: ["1"],
      platform: "onnx_onnxv1",
      inputs: [
        { name: "age", datatype: "INT64", shape: [-1] },
        { name: "income", datatype: "FP64", shape: [-1] },
        { name: "score", datatype: "FP64", shape: [-1] },
      ],
      outputs: [
        { name: "predictions", datatype: "INT64", shape: [-1] },
        { name: "probabilities", datatype: "FP64", shape: [-1, 2] },
      ],
    });
});

test("live and ready follow the service through loading, serving and draining", async (t) => {
  const loading = await service(t, { loaded: false });
  const ask = async (endpoint: string, path: string) => {
    const { status, body } = await requestJson(`${endpoint}/v2${path}`);
    return { status, ...(body as object) };
  };
  t.deepEqual(await ask(loading.endpoint, "/health/live"), { status: 200, live: true });
  t.deepEqual(await ask(loading.endpoint, "/health/ready"), { status: 503, ready: false });
  t.deepEqual(await ask(loading.endpoint, "/models/tiny/ready"), { status: 503, name: "tiny", ready: false });
  t.deepEqual(await ask(loading.endpoint, "/models/tiny/versions/1/ready"), {
    status: 503,
    name: "tiny",
    ready: false,
  });
  t.is((await ask(loading.endpoint, "/models/other/ready")).status, 404);
  t.is((await ask(loading.endpoint, "/models/tiny")).status, 503);

  const { endpoint, serving } = await service(t);
  t.deepEqual(await ask(endpoint, "/health/ready"), { status: 200, ready: true });
  t.deepEqual(await ask(endpoint, "/models/tiny/ready"), { status: 200, name: "tiny", ready: true });
  t.deepEqual(await ask(endpoint, "/models/tiny/versions/1/ready"), { status: 200, name: "tiny", ready: true });
  t.is((await ask(endpoint, "/models/tiny/versions/2/ready")).status, 404);
  serving.drain();
  t.deepEqual(await ask(endpoint, "/health/live"), { status: 200, live: true });
  t.deepEqual(await ask(endpoint, "/health/ready"), { status: 503, ready: false });
  t.deepEqual(await ask(endpoint, "/models/tiny/ready"), { status: 503, name: "tiny", ready: false });
});

test("infer answers as the service's own endpoint, in JSON and binary", async (t) => {
  const { endpoint } = await service(t);
  const native = await requestJson(`${endpoint}/predict`, {
    body: { inputs: { age: age.data, income: income.data, score: score.data }, return_probabilities: true },
  });
  const { predictions, probabilities } = native.body as { predictions: number[]; probabilities: number[][] };
  const json = inferRequest([age, income, score]);
  const bytes = bytesOf.FP64(0, 0.1, 0.2, 1, 0.9, 0.4);
  const binary = inferRequest([{ name: "rows", datatype: "FP64", shape: [2, 3], bytes }], {
    parameters: { binary_data_output: true },
  });
  for (const path of ["/v2/models/tiny/infer", "/v2/models/tiny/versions/1/infer"])
    for (const { body, headers } of [json, binary]) {
      const answer = await fetch(endpoint + path, { method: "POST", body, headers });
      t.is(answer.status, 200);
      const length = answer.headers.get("inference-header-content-length");
      t.is(length === null, body === json.body);
      t.deepEqual(inferOutputs(Buffer.from(await answer.arrayBuffer()), length), {
        predictions: { datatype: "INT64", shape: [2], data: predictions },
        probabilities: { datatype: "FP64", shape: [2, 2], data: probabilities.flat() },
      });
    }
});

for (const [title, status, path, detail, body] of [
  ["another model", 404, "/v2/models/other/infer", /version 1 of model tiny, .* got model other/, {}],
  ["another version", 404, "/v2/models/tiny/versions/2/infer", /got version 2 of model tiny/, {}],
  ["the metadata of another version", 404, "/v2/models/tiny/versions/latest", /got version latest/, undefined],
  ["what the protocol's other servers have", 404, "/v2/models/tiny/config", /no such path/, undefined],
  [
    "an unknown input",
    422,
    "/v2/models/tiny/infer",
    /inputs\[0\]\.name: expected one of age/,
    { inputs: [{ ...age, name: "x" }] },
  ],
  ["another method", 405, "/v2/models/tiny/infer", /takes POST/, undefined],
  ["the other method", 405, "/v2", /takes GET/, {}],
] as const)
  test(`${title} is ${status}, as a problem and as the protocol's clients read it`, async (t) => {
    const { endpoint } = await service(t);
    const answer = await requestJson(endpoint + path, body ? { body } : {});
    t.is(answer.status, status);
    t.like(answer.body, { type: "about:blank", status });
    const { detail: said, error } = answer.body as { detail: string; error: string };
    t.regex(error, detail);
    t.is(error, said);
  });

test("a large binary body, which another thread reads, is answered alike, its refusal too", async (t) => {
  const { endpoint } = await service(t);
  const rows = 10_000;
  const values = Array.from({ length: rows * 3 }, (_, at) => at % 7);
  const tensor = { name: "rows", datatype: "FP64", shape: [rows, 3], bytes: bytesOf.FP64(...values) };
  const { body, headers } = inferRequest([tensor], {
    outputs: [{ name: "predictions", parameters: { binary_data: true } }],
  });
  const ask = (sent: Buffer<ArrayBuffer>) =>
    fetch(`${endpoint}/v2/models/tiny/infer`, { method: "POST", body: sent, headers });
  const answer = await ask(body);
  const length = answer.headers.get("inference-header-content-length");
  const { predictions } = inferOutputs(Buffer.from(await answer.arrayBuffer()), length);
  const instances = values
    .slice(0, 30)
    .map((_, at) => ({ age: values[3 * at], income: values[3 * at + 1], score: values[3 * at + 2] }));
  const native = await requestJson(`${endpoint}/batch_predict`, { body: { instances } });
  t.deepEqual(predictions!.shape, [rows]);
  t.deepEqual(predictions!.data.slice(0, 30), (native.body as { predictions: number[] }).predictions);

  const refused = await ask(body.subarray(0, -1));
  t.is(refused.status, 422);
  t.regex(((await refused.json()) as { error: string }).error, /binary_data_size/);
});

test("errors of other paths have no such member", async (t) => {
  const { endpoint } = await service(t);
  for (const path of ["/v2x", "/other"]) t.false("error" in ((await requestJson(endpoint + path)).body as object));
});

test("before the model is loaded infer is 503", async (t) => {
  const { endpoint } = await service(t, { loaded: false });
  const { status, body } = await requestJson(`${endpoint}/v2/models/tiny/infer`, { body: { inputs: [age, income] } });
  t.is(status, 503);
  t.is((body as { error: string }).error, "model tiny is being loaded");
});
