import test, { type ExecutionContext } from "ava";
import { pino } from "pino";
import { Registry } from "prom-client";
import { freePort } from "../../tests/free-port.ts";
import {
  answerWith,
  fromStore,
  type Script,
  type StoredFeatures,
  scriptedFeatureServer,
  tinyFeatures,
} from "../fixtures/scripted-feature-server.ts";
import { tinyGolden } from "../fixtures/tiny-classifier.ts";
import { tinyService } from "../fixtures/tiny-service.ts";
import { requestJson } from "../request-json.ts";
import { readFeatureServerSettings } from "./settings.ts";

const names = ["scores__score", "customers__income", "customers__age"];
const old = new Date("2024-05-01T10:00:00Z");
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

function features(age: unknown, income: unknown, score: unknown, at?: Date): StoredFeatures {
  const cells = Object.entries({ customers__age: age, customers__income: income, scores__score: score });
  return Object.fromEntries(cells.map(([name, value]) => [name, { value, ...(at && { at }) }]));
}

const store: Readonly<Record<string, StoredFeatures>> = {
  "1": features(0, 0.1, 0.2, old),
  "2": { ...features(1, 0.9, 0.4), customers__income: { value: 0.9, at: ago(60) } },
  "9007199254740993": features(true, 0.5, "NaN"),
  "4": features(2, 0.5, null),
  "5": { customers__age: { value: 1 }, customers__income: { value: null } },
  "6": features(1.5, "much", 0.5),
  "7": { ...features(0, 0.1, 0.2), scores__score: { value: 0.2, at: ago(120) } },
  "8": { ...features(0, 0.1, 0.2), customers__income: { value: 0.1, at: ago(7200) } },
};

interface Options {
  readonly scripts?: readonly Script[];
  readonly env?: Readonly<Record<string, string>>;
  /** Nobody listens. */
  readonly down?: boolean;
}

/** The tiny service with a feature server beside it, and what both saw. */
async function serve(t: ExecutionContext, { scripts = [fromStore(names, store)], env = {}, down }: Options = {}) {
  const feast = await scriptedFeatureServer(t, ...scripts);
  const metrics = new Registry();
  const lines: string[] = [];
  const url = down ? `http://127.0.0.1:${await freePort()}` : feast.url;
  const service = await tinyService({
    featureService: tinyFeatures,
    featureServer: readFeatureServerSettings({ FEAST_SERVER_URL: url, FEAST_TIMEOUT_MS: "5000", ...env }),
    metrics,
    logger: pino({ level: "error" }, { write: (line: string) => void lines.push(line) }),
    rowLimit: 20_000,
  });
  t.teardown(service.close);
  const predict = async (body: unknown) => {
    const answer = await requestJson(`${service.endpoint}/predict`, { body });
    // biome-ignore lint/suspicious/noExplicitAny: JSON, asserted part by part
    return { status: answer.status, body: answer.body as any };
  };
  /** The value of a metric of this name and labels, 0 where there is none. */
  const metric = async (name: string) => {
    const line = (await metrics.metrics()).split("\n").find((line) => line.startsWith(`${name} `));
    return Number(line?.slice(name.length) ?? 0);
  };
  const lookups = (outcome: string) => metric(`ml_feature_lookup_duration_seconds_count{outcome="${outcome}"}`);
  return { feast, metric, lookups, log: () => lines.map((line) => JSON.parse(line)), predict, ...service };
}

const byEntity = (...ids: unknown[]) => ({ entities: { customer_id: ids } });

test("entities are predicted as their features are, and the answer tells how old those were", async (t) => {
  const { predict, feast } = await serve(t);
  const { status, body } = await predict({ ...byEntity(2, 1), return_probabilities: true });
  t.is(status, 200);
  const rows = [
    [1, 0.9, 0.4],
    [0, 0.1, 0.2],
  ];
  const golden = tinyGolden(["age", "income", "score"], rows, 0.1);
  t.deepEqual([body.predictions, body.probabilities], [golden.predictions, golden.probabilities]);
  const [recent, oldest] = body.feature_timestamps;
  t.is(oldest, "2024-05-01T10:00:00");
  const age = Date.now() - Date.parse(`${recent}Z`);
  t.true(age >= 60_000 && age < 90_000, recent);
  const inputs = { age: [1, 0], income: [0.9, 0.1], score: [0.4, 0.2] };
  const { feature_timestamps, inference_time_ms, timestamp, ...rest } = body;
  t.like((await predict({ inputs, return_probabilities: true })).body, rest);
  t.deepEqual(feast.requests, [
    { feature_service: "tiny_features", entities: { customer_id: [2, 1] }, full_feature_names: true },
  ]);
});

test("an id beyond 53 bits is found by its digits; a boolean is 0 or 1; NaN and null are missing, as in training", async (t) => {
  const { predict, feast } = await serve(t);
  const { status, body } = await predict(byEntity("9007199254740993", 4));
  t.is(status, 200);
  t.deepEqual(feast.requests[0]!.entities, { customer_id: ["9007199254740993", 4] });
  const inputs = { age: [1, 2], income: [0.5, 0.5], score: [null, null] };
  t.deepEqual(body.predictions, (await predict({ inputs })).body.predictions);
});

test("metadata tells what entities are asked by", async (t) => {
  const { endpoint } = await serve(t);
  t.like((await requestJson(`${endpoint}/metadata`)).body, {
    feature_service: "tiny_features",
    join_keys: [{ name: "customer_id", type: "Int64" }],
  });
});

test("each unknown entity, each missing and each ill-typed feature is named, and where", async (t) => {
  const { predict, lookups } = await serve(t);
  const { status, body } = await predict(byEntity(1, 404, 5, 6, "405"));
  t.is(status, 422);
  const unknown = {
    problem: "unknown_entity",
    expected: "an entity that has features in the feature service tiny_features",
  };
  t.deepEqual(body.errors, [
    { path: "entities.customer_id[1]", ...unknown, received: "customer_id 404" },
    {
      path: "entities.customer_id[2]",
      feature: "income",
      problem: "missing",
      expected: "feature income to be a finite number",
      received: "no value for customer_id 5",
    },
    {
      path: "entities.customer_id[3]",
      feature: "age",
      problem: "type",
      expected: "feature age to be an integer of at most 53 bits",
      received: "the number 1.5 for customer_id 6",
    },
    {
      path: "entities.customer_id[3]",
      feature: "income",
      problem: "type",
      expected: "feature income to be a finite number",
      received: 'the string "much" for customer_id 6',
    },
    { path: "entities.customer_id[4]", ...unknown, received: "customer_id 405" },
  ]);
  t.is(
    body.detail,
    "5 invalid values: entities.customer_id[1]: expected an entity that has features in the feature service tiny_features, got customer_id 404",
  );
  t.is(await lookups("refused"), 1);
});

for (const [body, detail] of [
  [{ entities: { customer_id: [1] }, inputs: {} }, "entities: expected inputs or entities, not both, got an object"],
  [{ entities: null }, "entities: expected an object with one array a join key, got null"],
  [{ entities: {} }, "entities.customer_id: expected the join key of each row, got nothing"],
  [
    byEntity(1, "x"),
    /^1 invalid value: entities\.customer_id\[1\]: expected a whole number of 64 bits.*, got the string "x"$/,
  ],
  [
    { ...byEntity(1), entity: 1 },
    "entity: expected inputs (or entities) and return_probabilities alone, got the number 1",
  ],
] as const)
  test(`the body ${JSON.stringify(body)} is 422, and Feast isn't asked`, async (t) => {
    const { predict, feast } = await serve(t);
    const answer = await predict(body);
    t.is(answer.status, 422);
    if (detail instanceof RegExp) t.regex(answer.body.detail, detail);
    else t.is(answer.body.detail, `1 invalid value: ${detail}`);
    t.is(feast.requests.length, 0);
  });

test("more rows than a request may have are 413", async (t) => {
  const { predict, feast } = await serve(t);
  t.is((await predict(byEntity(...Array(20_001).fill(1)))).status, 413);
  t.is(feast.requests.length, 0);
});

test("/batch_predict takes no entities", async (t) => {
  const { endpoint } = await serve(t);
  const answer = await requestJson(`${endpoint}/batch_predict`, { body: byEntity(1) });
  t.is(answer.status, 422);
  t.regex(answer.text, /entities: expected instances and return_probabilities alone/);
});

test("without a feature server, or a FeatureService of the model, entities are 422 with the reason", async (t) => {
  const { feast } = await serve(t);
  const featureServer = readFeatureServerSettings({ FEAST_SERVER_URL: feast.url });
  for (const [options, reason] of [
    [
      { featureService: tinyFeatures },
      /inputs, as this service knows no feature server: its FEAST_SERVER_URL isn't set/,
    ],
    [{ featureServer }, /inputs, as version 1 carries no FeatureService of Feast that it was trained from/],
  ] as const) {
    const { endpoint, close } = await tinyService(options);
    t.teardown(close);
    const answer = await requestJson(`${endpoint}/predict`, { body: byEntity(1) });
    t.is(answer.status, 422);
    t.regex(answer.text, reason);
  }
});

test("many rows are asked for in parts, each row's features in their place", async (t) => {
  const { predict, feast } = await serve(t);
  const ids = Array.from({ length: 1234 }, (_, at) => [1, 2][(at * 7) % 2]!);
  const { body } = await predict({ ...byEntity(...ids), return_probabilities: true });
  const sizes = feast.requests.map(({ entities }) => entities.customer_id!.length);
  t.deepEqual(
    sizes.sort((a, b) => b - a),
    [250, 250, 250, 250, 234],
  );
  const rows = ids.map((id) => (id === 1 ? [0, 0.1, 0.2] : [1, 0.9, 0.4]));
  t.deepEqual(body.probabilities, tinyGolden(["age", "income", "score"], rows, 0.1).probabilities);
});

test("where so much is wrong that no more of it is named, the rest isn't asked for", async (t) => {
  const { predict, feast } = await serve(t);
  const { body } = await predict(byEntity(...Array(5000).fill(404)));
  t.is(body.errors.length, 50);
  t.is(feast.requests.length, 2);
});

const failing: Script = (_, response) => answerWith(response, '"sqlite3: secret table is locked"', 500);
const otherService: Script = fromStore(["customers__age", "customers__income", "elsewhere__score"], store);

for (const [title, options, cause] of [
  ["is down", { down: true }, /connect ECONNREFUSED/],
  ["is slow", { scripts: [() => {}], env: { FEAST_TIMEOUT_MS: "20" } }, /no answer within 20 ms/],
  ["fails", { scripts: [failing] }, /got status 500: .*secret table/],
  ["doesn't know the service", { scripts: [(_, response) => answerWith(response, '"nope"', 404)] }, /got status 404/],
  ["answers with no JSON", { scripts: [(_, response) => answerWith(response, "<html>")] }, /got no JSON/],
  ["answers with other JSON", { scripts: [(_, response) => answerWith(response, "[]")] }, /metadata\.feature_names/],
  [
    "lost a feature",
    { scripts: [otherService] },
    /expected the feature scores__score, which the model was trained with, got customer_id, .*elsewhere__score/,
  ],
  [
    "answers fewer rows",
    {
      scripts: [
        (request, response) => fromStore(names, store)({ ...request, entities: { customer_id: [] } }, response),
      ],
    },
    /expected 2 values, statuses and event_timestamps of customers__age, one a row/,
  ],
] as const satisfies readonly (readonly [string, Options, RegExp])[])
  test(`where the feature server ${title}, it is 503 with Retry-After, and the log says why`, async (t) => {
    const { endpoint, lookups, log } = await serve(t, options);
    const response = await fetch(`${endpoint}/predict`, {
      method: "POST",
      body: JSON.stringify(byEntity(1, 2)),
      headers: { "Content-Type": "application/json" },
    });
    t.is(response.status, 503);
    t.is(response.headers.get("Retry-After"), "1");
    t.like(await response.json(), { status: 503, detail: "the feature server doesn't answer as it should" });
    t.regex(log()[0].err.message, cause);
    t.is(await lookups("unavailable"), 1);
    t.is((await requestJson(`${endpoint}/health`)).status, 200);
  });

test("a failure that passes costs a retry, and no request", async (t) => {
  const { predict, lookups, metric } = await serve(t, { scripts: [failing, failing, fromStore(names, store)] });
  t.is((await predict(byEntity(1))).status, 200);
  t.deepEqual([await lookups("found"), await metric("ml_feature_lookup_retries_total")], [1, 2]);
});

test("a body that another thread reads is looked up there, and counted and logged all the same", async (t) => {
  const passes = fromStore(names, store);
  const { endpoint, predict, lookups, metric, log } = await serve(t, {
    scripts: [passes, passes, passes, failing],
    env: { FEAST_RETRIES: "0" },
  });
  /** As large as what another thread reads. */
  const predictThere = async (body: object) => {
    const json = JSON.stringify(body) + " ".repeat(2 ** 17);
    return requestJson(`${endpoint}/predict`, { json });
  };
  const asked = { ...byEntity(1, 2), return_probabilities: true };
  const { inference_time_ms, timestamp, ...here } = (await predict(asked)).body;
  t.like((await predictThere(asked)).body, here);
  const refused = await predictThere(byEntity(1, 404));
  t.is(refused.status, 422);
  t.like(refused.body, { errors: [{ path: "entities.customer_id[1]", problem: "unknown_entity" }] });
  t.is((await predictThere(byEntity(1))).status, 503);
  t.regex(log()[0].err.message, /got status 500: .*secret table/);
  t.deepEqual([await lookups("found"), await lookups("refused"), await lookups("unavailable")], [2, 1, 1]);
  t.is(await metric("ml_feature_outside_ttl_rows_total"), 2);
});

test("features beyond their TTL are used, and counted, unless a bound is set", async (t) => {
  const { predict, metric } = await serve(t);
  t.is((await predict(byEntity(1, 2, 7, 8))).status, 200);
  t.is(await metric("ml_feature_outside_ttl_rows_total"), 3);
});

test("with MAX_FEATURE_AGE=ttl what is beyond its view's TTL is missing, as it was in training", async (t) => {
  const { predict } = await serve(t, { env: { MAX_FEATURE_AGE: "ttl" } });
  const missing = { inputs: { age: [0], income: [0.1], score: [null] } };
  t.deepEqual((await predict(byEntity(7))).body.predictions, (await predict(missing)).body.predictions);
  const { status, body } = await predict(byEntity(8, 1));
  t.is(status, 422);
  t.like(body.errors, [
    {
      path: "entities.customer_id[0]",
      feature: "income",
      problem: "stale",
      expected: "feature income to be a value of the last 3600 s",
    },
    { path: "entities.customer_id[1]", feature: "income", received: "one of 2024-05-01T10:00:00 for customer_id 1" },
  ]);
});

test("MAX_FEATURE_AGE in seconds bounds every feature, whatever its TTL, and one of unknown age", async (t) => {
  const untimed = { ...store, "3": features(0, 0.1, 0.2, new Date(0)) };
  const options = { env: { MAX_FEATURE_AGE: "100" }, scripts: [fromStore(names, untimed)] };
  const { predict } = await serve(t, options);
  t.is((await predict(byEntity(2))).status, 200);
  const { body } = await predict(byEntity(3));
  t.like(body.errors, [
    { feature: "age", problem: "stale", received: "one of unknown time for customer_id 3" },
    { feature: "income", problem: "stale" },
  ]);
});

test("what the feature server itself says is beyond its TTL counts so", async (t) => {
  const marked = { "1": { ...features(0, 0.1, 0.2), customers__income: { value: 0.1, status: "OUTSIDE_MAX_AGE" } } };
  const { predict, metric } = await serve(t, { scripts: [fromStore(names, marked)] });
  t.is((await predict(byEntity(1))).status, 200);
  t.is(await metric("ml_feature_outside_ttl_rows_total"), 1);
  const strict = await serve(t, { scripts: [fromStore(names, marked)], env: { MAX_FEATURE_AGE: "ttl" } });
  t.like((await strict.predict(byEntity(1))).body.errors, [{ feature: "income", problem: "stale" }]);
});
