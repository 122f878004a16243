import test, { type ExecutionContext } from "ava";
import { type ServeProcess, startServe } from "../../inference/fixtures/serve-process.ts";
import { type TinyRegistry, tinyRegistry } from "../../inference/fixtures/tiny-registry.ts";
import { startLoad } from "../load.ts";
import { balanceConnections } from "./connection-balancer.ts";

const body = { inputs: { age: [1, 0, 2], income: [0.1, 0.5, 0.9], score: [0, 0.5, 1] } };

interface Running {
  readonly process: ServeProcess;
  readonly port: number;
}

async function start(t: ExecutionContext, { uri }: TinyRegistry, version: string): Promise<Running> {
  const process = startServe({ MLFLOW_TRACKING_URI: uri, MODEL_VERSION: version });
  t.teardown(() => process.kill("SIGKILL"));
  const { port } = await process.logged("listening");
  await process.logged("ready");
  return { process, port: port as number };
}

test("processes that are replaced one after the other, each by SIGTERM, fail none of 20,000 requests or more", async (t) => {
  const registry = await tinyRegistry([0.1, 0.2]);
  t.teardown(registry.remove);
  let running = await Promise.all([start(t, registry, "1"), start(t, registry, "1")]);
  const balancer = await balanceConnections(running.map(({ port }) => port));
  t.teardown(balancer.close);
  const statuses: (number | string)[] = [];

  const load = startLoad(`http://127.0.0.1:${balancer.port}`, body, { clients: 8 });
  for (const version of ["2", "2", "1", "1"]) {
    await load.more(2000);
    const [old, other] = running as [Running, Running];
    const fresh = await start(t, registry, version);
    running = [other, fresh];
    // As in a rollout: no new connections any more; then, once those under way have arrived, the signal, while kept ones
    // still carry requests.
    balancer.targets = running.map(({ port }) => port);
    await load.more(200);
    old.process.kill("SIGTERM");
    statuses.push((await old.process.ended).status);
  }
  await load.more(Math.max(1000, 20_000 - load.requests));
  const { requests, failures, versions } = await load.stop();

  t.deepEqual(failures, []);
  t.true(requests >= 20_000);
  t.deepEqual(statuses, [0, 0, 0, 0]);
  t.deepEqual(Object.keys(versions).sort(), ["1", "2"]);
  t.log(`${requests} requests through four replacements: ${JSON.stringify(versions)}`);
});
