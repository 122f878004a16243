import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { createFeatureClient } from "../../inference/entities/feature-client.ts";
import { readEntities } from "../../inference/entities/read-entities.ts";
import { readFeatureServerSettings } from "../../inference/entities/settings.ts";
import { compileColumns } from "../../inference/features/feature-column.ts";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { requestJson } from "../../inference/request-json.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { historicalFeatures, openFeatureRepository } from "../../trainer/features/index.ts";
import { readRows, writeRows } from "../../trainer/features/test-repository.ts";
import { planTraining, train } from "../../trainer/pipeline.ts";
import { type FeastProcess, feast, serveFeast } from "./feast-process.ts";
import { python, run } from "./python.ts";

/** The online store has what was known at this time. */
const materializedAt = "1998-03-20T00:00:00";

let folder: string;
let repository: string;
let server: FeastProcess;
const stops: (() => Promise<unknown>)[] = [];

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "entities-peer-"));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  repository = join(folder, "sample");
  await cp(join(import.meta.dirname, "../../trainer/sample"), repository, { recursive: true });
  const yaml = join(repository, "feature_store.yaml");
  const online = "online_store:\n  type: sqlite\n  path: data/online.db";
  await writeFile(yaml, (await readFile(yaml, "utf8")).replace("online_store: null", online));
  await feast(repository, "apply");
  await feast(repository, "materialize", "1998-01-01T00:00:00", materializedAt);
  server = await serveFeast(repository);
  stops.unshift(() => server.stop());
  const plan = await planTraining({ repository, testFrom: "1998-03-15", forest: { nEstimators: 10 } });
  await train(plan, openStore(join(folder, "mlruns")));
});

test.after.always(async () => {
  for (const stop of stops) await stop();
});

/** Runs one command of entities.py and gives what it prints. */
async function peer(...args: string[]): Promise<Record<string, (number | boolean | null)[]>> {
  const env = { ...process.env, PYTHONSAFEPATH: "1" };
  const printed = await run(await python(), [join(import.meta.dirname, "entities.py"), ...args], { env });
  return JSON.parse(printed.trim().split("\n").at(-1)!);
}

/** The service over the trained model, as a process. */
async function serve(t: ExecutionContext, env: NodeJS.ProcessEnv = {}) {
  const service = startServe({
    MLFLOW_TRACKING_URI: join(folder, "mlruns"),
    MODEL_NAME: "churn_predictor_feast",
    FEAST_SERVER_URL: server.url,
    FEAST_TIMEOUT_MS: "10000",
    ...env,
  });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  await service.logged("ready");
  return {
    predict: async (body: object) => {
      const answer = await requestJson(`http://127.0.0.1:${port}/predict`, {
        body: { ...body, return_probabilities: true },
        timeoutMs: 60_000,
      });
      // biome-ignore lint/suspicious/noExplicitAny: JSON, asserted part by part
      return { status: answer.status, text: answer.text, body: answer.body as any };
    },
    metadata: async () => (await requestJson(`http://127.0.0.1:${port}/metadata`)).body,
  };
}

const customers = Array.from({ length: 1100 }, (_, at) => 1 + ((at * 37) % 23_570));

test.serial("entities are predicted as by the features that Feast's own SDK finds", async (t) => {
  const { predict, metadata } = await serve(t);
  t.like(await metadata(), { feature_service: "churn_features", join_keys: [{ name: "customer_id", type: "Int64" }] });
  const byEntity = await predict({ entities: { customer_id: customers } });
  t.is(byEntity.status, 200, byEntity.text);
  t.deepEqual(new Set(byEntity.body.feature_timestamps), new Set(["1998-03-01T00:00:00"]));

  const { customer_id, ...found } = await peer(
    "read",
    repository,
    "churn_features",
    JSON.stringify({ customer_id: customers }),
  );
  t.deepEqual(customer_id, customers);
  const inputs = Object.fromEntries(Object.entries(found).map(([name, values]) => [name.split("__")[1]!, values]));
  const byFeatures = await predict({ inputs });
  t.deepEqual(byEntity.body.probabilities, byFeatures.body.probabilities);
  t.true(new Set(byEntity.body.probabilities.map(String)).size > 100);
});

test.serial("within their TTL online features are those that training joins at the same time", async (t) => {
  await writeRows(repository, {
    "now.parquet": `select unnest([${customers}]) as customer_id, timestamptz '${materializedAt}+00' as event_timestamp`,
  });
  const out = join(folder, "joined.parquet");
  const opened = await openFeatureRepository(repository);
  const job = historicalFeatures(opened, { service: "churn_features" }, join(repository, "now.parquet"));
  await job.toParquet(out);
  const joined = await readRows(out);
  t.deepEqual(
    joined.map(([id]) => Number(id)),
    customers,
  );
  const inputs = Object.fromEntries(
    job.features.map(({ name }, at) => [name, joined.map((row) => Number(row[at + 2]))]),
  );
  const { predict } = await serve(t);
  const [byEntity, byFeatures] = [await predict({ entities: { customer_id: customers } }), await predict({ inputs })];
  t.is(byFeatures.status, 200, byFeatures.text);
  t.deepEqual(byEntity.body.probabilities, byFeatures.body.probabilities);
});

test.serial("an entity that Feast doesn't know is named, and so is a value that is null there", async (t) => {
  const times = '"event_timestamp": "1998-03-16", "created_timestamp": "1998-03-16"';
  const rows = [
    `{"customer_id": 9007199254740992, "support_tickets_count": 3, ${times}}`,
    `{"customer_id": 9007199254740993, "support_tickets_count": null, ${times}}`,
  ];
  await peer("write", repository, "customer_support", `[${rows}]`);
  const { predict } = await serve(t);
  const { status, body } = await predict({ entities: { customer_id: [1, 23_571, "9007199254740993"] } });
  t.is(status, 422);
  t.like(body.errors[0], {
    path: "entities.customer_id[1]",
    problem: "unknown_entity",
    received: "customer_id 23571",
  });
  t.deepEqual(
    body.errors.slice(1).map(({ path, problem }: Record<string, string>) => [path, problem]),
    Array(6).fill(["entities.customer_id[2]", "missing"]),
  );
});

test.serial(
  "with MAX_FEATURE_AGE=ttl the sample's features, of 1998, are refused as training took them: as missing",
  async (t) => {
    const { predict } = await serve(t, { MAX_FEATURE_AGE: "ttl" });
    const { status, body } = await predict({ entities: { customer_id: [1] } });
    t.is(status, 422);
    t.is(body.errors.length, 6);
    t.like(body.errors[0], { problem: "stale", received: "one of 1998-03-01T00:00:00 for customer_id 1" });
  },
);

test.serial(
  "while the feature server is away predictions by entity are 503, those by features go on, and it may come back",
  async (t) => {
    const { predict } = await serve(t, { FEAST_RETRIES: "1" });
    const entities = { customer_id: [1, 2] };
    const before = await predict({ entities });
    t.is(before.status, 200);
    await server.stop();
    t.is((await predict({ entities })).status, 503);
    const inputs = {
      total_purchases: [1],
      avg_purchase_value: [11.77],
      days_since_last_purchase: [424],
      customer_lifetime_value: [11.77],
      account_age_days: [424],
      support_tickets_count: [2],
    };
    t.is((await predict({ inputs })).status, 200);
    server = await serveFeast(repository, server.port);
    t.deepEqual((await predict({ entities })).body.probabilities, before.body.probabilities);
  },
);

test.serial(
  "several join keys, views under other names and every type of number come as Feast's SDK has them",
  async (t) => {
    const mixed = join(folder, "mixed");
    const event_timestamp = "2024-05-01T10:00:00Z";
    const ids = [0, -5, 7];
    const names = ["", 'a "b"\\', "ü😀"];
    const people = ids.map((customer_id, at) => {
      const count = at === 1 ? null : 2 ** 40 + at;
      return { customer_id, event_timestamp, age: at - 1, active: at > 0, spent: at / 10, count };
    });
    const shops = names.map((shop, at) => ({ shop, event_timestamp, rating: at / 7 }));
    const visits = ids.map((customer_id, at) => {
      const mean = at === 2 ? null : at / 3;
      return { customer_id, shop: names[at], event_timestamp, visits: at, mean };
    });
    const pairs = ids.flatMap((id, at) => names.map((shop) => ({ id, shop, buyer: ids[(at + 1) % 3]! })));
    const entities = {
      buyer_id: pairs.map(({ buyer }) => buyer),
      customer_id: pairs.map(({ id }) => id),
      shop: pairs.map(({ shop }) => shop),
    };
    const rows = JSON.stringify({ people, shops, visits });
    const expected = await peer("mixed", mixed, rows, JSON.stringify(entities));

    const feastServer = await serveFeast(mixed);
    t.teardown(feastServer.stop);
    const opened = await openFeatureRepository(mixed);
    const { featureService } = historicalFeatures(opened, { service: "mixed" }, "none.parquet");
    t.deepEqual(featureService!.joinKeys, [
      { name: "buyer_id", type: "Int64" },
      { name: "customer_id", type: "Int64" },
      { name: "shop", type: "String" },
    ]);
    const columns = compileColumns(
      featureService!.features.map(({ name }) => ({ name, type: "double", required: false })),
    );
    const settings = readFeatureServerSettings({ FEAST_SERVER_URL: feastServer.url, FEAST_TIMEOUT_MS: "10000" });
    const client = createFeatureClient(settings)!;
    const found = await client.lookUp(featureService!, columns, readEntities(featureService!.joinKeys, entities, 100));
    for (const [at, { view, feature }] of featureService!.features.entries())
      t.deepEqual(
        pairs.map((_, row) => found.rows.values[row * columns.length + at]),
        expected[`${view}__${feature}`]!.map((value) => (value === null ? Number.NaN : Number(value))),
        feature,
      );
    t.deepEqual(new Set(found.asOf), new Set([Date.parse(event_timestamp)]));
  },
);
