import test, { type ExecutionContext } from "ava";
import { mlflowVersion } from "../../../mlflow/model-folder.ts";
import { tinyService } from "../../fixtures/tiny-service.ts";
import { requestJson } from "../../request-json.ts";

async function service(t: ExecutionContext, options: Parameters<typeof tinyService>[0] = {}) {
  const started = await tinyService(options);
  t.teardown(started.close);
  return started;
}

test("ping is 503 until the model is loaded, 200 while it serves, and 503 again while it drains", async (t) => {
  const loading = await service(t, { loaded: false });
  t.is((await requestJson(`${loading.endpoint}/ping`)).status, 503);
  const { endpoint, serving } = await service(t);
  const ping = await requestJson(`${endpoint}/ping`);
  t.is(ping.status, 200);
  t.is(ping.text, "\n");
  serving.drain();
  t.is((await requestJson(`${endpoint}/ping`)).status, 503);
});

test("version is that of the MLflow whose protocol it is", async (t) => {
  const { endpoint } = await service(t);
  t.is((await requestJson(`${endpoint}/version`)).text, mlflowVersion);
});

test("invocations are answered by a record a row", async (t) => {
  const { endpoint } = await service(t);
  const body = { dataframe_split: { columns: ["age", "income", "score"], data: [[0, 0.1, 0.2]] } };
  const answer = await requestJson(`${endpoint}/invocations`, { body, headers: { Accept: "text/csv" } });
  t.is(answer.status, 200);
  t.deepEqual(Object.keys((answer.body as { predictions: object[] }).predictions[0]!), [
    "label",
    "probability_0",
    "probability_1",
  ]);
});

test("a large body, which another thread reads, is answered alike", async (t) => {
  const { endpoint } = await service(t);
  const data = Array.from({ length: 20_000 }, (_, at) => [at % 7, (at % 5) / 8, at % 3]);
  const columns = ["age", "income", "score"];
  const csv = [columns, ...data].join("\n");
  const headers = { "content-type": "text/csv" };
  const ask = async (body: string) =>
    (
      (await (await fetch(`${endpoint}/invocations`, { method: "POST", body, headers })).json()) as {
        predictions: object[];
      }
    ).predictions;
  const { body } = await requestJson(`${endpoint}/invocations`, { body: { dataframe_split: { columns, data } } });
  const answers = await ask(csv);
  t.is(answers.length, data.length);
  t.deepEqual(answers, (body as { predictions: object[] }).predictions);
  t.deepEqual(answers.slice(0, 9), await ask([columns, ...data.slice(0, 9)].join("\n")));
});

test("an invalid body is 422, as a problem", async (t) => {
  const { endpoint } = await service(t);
  const { status, body } = await requestJson(`${endpoint}/invocations`, { body: { inputs: [[1]] } });
  t.is(status, 422);
  t.like(body, { status: 422, errors: [{ path: "inputs[0]", problem: "length" }] });
});

test("before the model is loaded invocations are 503", async (t) => {
  const { endpoint } = await service(t, { loaded: false });
  t.is((await requestJson(`${endpoint}/invocations`, { body: {} })).status, 503);
});
