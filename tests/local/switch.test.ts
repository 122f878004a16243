import { join } from "node:path";
import test from "ava";
import { instanceEnvironment, type ServeSpec } from "../../components/local/serve-spec.ts";
import { roll, startSupervisor, stop } from "../../components/local/supervisor-client.ts";
import { type TinyRegistry, tinyRegistry } from "../../inference/fixtures/tiny-registry.ts";
import { requestJson } from "../../inference/request-json.ts";
import { startLoad } from "../load.ts";

const entry = join(import.meta.dirname, "../../inference/serve.ts");
const body = { inputs: { age: [1, 0, 2], income: [0.1, 0.5, 0.9], score: [0, 0.5, 1] } };

test("a switch to another version and back fails none of 5,000 requests or more, half of them on a connection each", async (t) => {
  const registry = await tinyRegistry([0.1, 0.2]);
  const directory = join(registry.folder, "run");
  t.teardown(async () => {
    await stop(directory);
    await registry.remove();
  });
  const started = await startSupervisor({ directory, host: "127.0.0.1", port: 0, spec: spec(registry, 1) });
  if (!started.running) return t.fail("the supervisor doesn't run");
  const endpoint = `http://127.0.0.1:${started.port}`;
  const version = async () => (await requestJson(`${endpoint}/metadata`)).body as { model_version: string };

  const load = startLoad(endpoint, body, { clients: 8 });
  await load.more(1000);
  await roll(directory, spec(registry, 2));
  t.like(await version(), { model_version: "2" });
  await load.more(1000);
  await roll(directory, spec(registry, 1));
  t.like(await version(), { model_version: "1" });
  await load.more(1000);
  await roll(directory, spec(registry, 2));
  await load.more(Math.max(1000, 5000 - load.requests));
  const { requests, failures, versions } = await load.stop();

  t.deepEqual(failures, []);
  t.true(requests >= 5000);
  t.deepEqual(Object.keys(versions).sort(), ["1", "2"]);
  t.like(await version(), { model_version: "2" });
  t.log(`${requests} requests through three switches: ${JSON.stringify(versions)}`);
});

function spec(registry: TinyRegistry, version: number): ServeSpec {
  return {
    execPath: process.execPath,
    entry,
    env: { ...instanceEnvironment(process.env), MLFLOW_TRACKING_URI: registry.uri },
    expectation: registry.expectation(version),
  };
}
