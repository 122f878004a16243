import { EventEmitter, once } from "node:events";
import test, { type ExecutionContext } from "ava";
import { type Logger, pino } from "pino";
import { openStore } from "../../mlflow/open-store.ts";
import { sendJson } from "../../mlflow/rest/scripted-server.ts";
import { type Fault, type TinyMlflow, tinyMlflow } from "../fixtures/tiny-mlflow.ts";
import { loadModel } from "../model/load-model.ts";
import type { ServedModel } from "../model/served-model.ts";
import { Serving } from "../serving.ts";
import { Reloader, type ReloadOutcome } from "./reload.ts";

interface Followed {
  readonly server: TinyMlflow;
  readonly serving: Serving;
  readonly reloader: Reloader;
  readonly outcomes: ReloadOutcome[];
  /** Numbers of the versions that were loaded, in order. */
  readonly loaded: string[];
  /** Numbers of the versions whose memory was freed, in order. */
  readonly released: string[];
  /** Emits `serve` whenever another model is served. */
  readonly events: EventEmitter;
  readonly log: { readonly level: number; readonly msg: string; readonly reason?: string }[];
}

/** A service in this process that has loaded what `@live` names, version 1, and follows it. */
async function follow(t: ExecutionContext, wanted = "@live", refusedMs = 60_000): Promise<Followed> {
  const server = await tinyMlflow([0.1, 0.2, 0.3]);
  t.teardown(() => server.close());
  server.aliases.live = "1";
  const store = openStore(server.uri, { retries: 0 });
  const loaded: string[] = [];
  const released: string[] = [];
  const log: Followed["log"] = [];
  const logger: Logger = pino({}, { write: (line: string) => void log.push(JSON.parse(line)) });
  const load = async (version: string): Promise<ServedModel> => {
    loaded.push(version);
    const model = await loadModel({ store, name: "tiny", version });
    const release = async () => {
      released.push(model.version);
      await model.release();
    };
    return { ...model, release };
  };
  const events = new EventEmitter();
  const serving = new Serving({ name: "tiny", version: wanted }, [() => events.emit("serve")]);
  serving.serve(await load("1"));
  t.teardown(() => serving.model?.release());
  const outcomes: ReloadOutcome[] = [];
  const onOutcome = (outcome: ReloadOutcome) => void outcomes.push(outcome);
  const reloader = new Reloader({ serving, store, load, logger, onOutcome, refusedMs });
  return { server, serving, reloader, outcomes, loaded, released, events, log };
}

/** Version 2 comes with the golden sample of version 1, of another length. */
async function goldenOfFirst({ uri }: TinyMlflow): Promise<Fault> {
  const artifacts = "/api/2.0/mlflow-artifacts/artifacts";
  const golden = await (await fetch(`${uri}${artifacts}/1/golden_sample.json`)).text();
  return ({ url }, response) => {
    if (url === `${artifacts}?path=2`) {
      const files = ["MLmodel", "model.onnx", "golden_sample.json"].map((path) => ({ path, is_dir: false }));
      sendJson(response, { files });
    } else if (url === `${artifacts}/2/golden_sample.json`) response.end(golden);
    else return false;
    return true;
  };
}

test("where the alias stays nothing is loaded", async (t) => {
  const { reloader, loaded, outcomes } = await follow(t);
  t.is(await reloader.check(), "unchanged");
  t.deepEqual([loaded, outcomes], [["1"], []]);
});

test("an alias that moves forward, and back, is followed, and each model's memory is freed once it is replaced", async (t) => {
  const { server, reloader, serving, released, log } = await follow(t);
  const first = serving.model;
  server.aliases.live = "3";
  t.is(await reloader.check(), "switched");
  t.is(serving.model?.version, "3");
  server.aliases.live = "1";
  t.is(await reloader.check(), "switched");
  t.is(serving.model?.version, "1");
  t.not(serving.model, first);
  t.deepEqual(released, ["1", "3"]);
  t.deepEqual(
    log.map(({ msg }) => msg),
    ["reloaded", "reloaded"],
  );
});

test("latest is followed to the highest number", async (t) => {
  const { reloader, serving } = await follow(t, "latest");
  t.is(await reloader.check(), "switched");
  t.is(serving.model?.version, "3");
});

test("a model's memory is freed after the last of its requests, while the other one answers already", async (t) => {
  const { server, reloader, serving, released, events } = await follow(t);
  const old = serving.model!;
  old.inFlight.begin();
  old.inFlight.begin();
  server.aliases.live = "2";
  const checked = reloader.check();
  await once(events, "serve");
  t.is(serving.model?.version, "2");
  const rows = { count: 1, values: Float64Array.of(0, 0.1, 0.2) };
  t.is((await old.predict(rows)).values.length, 1);
  old.inFlight.end();
  t.is((await old.predict(rows)).values.length, 1);
  t.deepEqual(released, []);
  old.inFlight.end();
  t.is(await checked, "switched");
  t.deepEqual(released, ["1"]);
});

test("a version that can't be proven is refused, the old one goes on, and it isn't fetched again until its time has come", async (t) => {
  const { server, reloader, serving, loaded, outcomes, log } = await follow(t);
  server.fault = await goldenOfFirst(server);
  server.aliases.live = "2";
  t.is(await reloader.check(), "refused");
  t.is(await reloader.check(), "unchanged");
  t.is(serving.model?.version, "1");
  t.deepEqual([loaded, outcomes], [["1", "2"], ["refused"]]);
  t.like(log[0], { level: 50, msg: "the model isn't replaced: version 1 goes on serving" });
  t.regex(log[0]!.reason!, /version 2 of tiny doesn't answer its golden sample: row 0/);

  server.aliases.live = "3";
  t.is(await reloader.check(), "switched");
  t.is(serving.model?.version, "3");
});

test("a version that was refused is tried again when its time has come, and served once it is mended", async (t) => {
  const { server, reloader, serving } = await follow(t, "@live", 0);
  server.fault = await goldenOfFirst(server);
  server.aliases.live = "2";
  t.is(await reloader.check(), "refused");
  t.is(await reloader.check(), "refused");
  server.fault = undefined;
  t.is(await reloader.check(), "switched");
  t.is(serving.model?.version, "2");
});

test("an alias that is gone is refused, and the model serves on", async (t) => {
  const { server, reloader, serving, log } = await follow(t);
  delete server.aliases.live;
  t.is(await reloader.check(), "refused");
  t.is(serving.model?.version, "1");
  t.regex(log[0]!.reason!, /expected version @live of model tiny, but MLflow at .* has none such/);
});

test("an MLflow that is down, or breaks off, changes nothing", async (t) => {
  const { server, reloader, serving, outcomes, log } = await follow(t);
  server.aliases.live = "2";
  server.fault = ({ url }, response) => {
    if (!url.includes("/2/model.onnx")) return false;
    response.destroy();
    return true;
  };
  t.is(await reloader.check(), "unreachable");
  await server.close();
  t.is(await reloader.check(), "unreachable");
  t.is(serving.model?.version, "1");
  t.deepEqual(outcomes, ["unreachable", "unreachable"]);
  t.like(log[0], { level: 40, msg: "MLflow can't be asked for another version: version 1 goes on serving" });
});

test("a model that was loaded while draining began isn't served, and its memory is freed", async (t) => {
  const { server, reloader, serving, released } = await follow(t);
  server.aliases.live = "2";
  server.fault = ({ url }) => {
    if (url.includes("/2/model.onnx")) serving.drain();
    return false;
  };
  t.is(await reloader.check(), "unchanged");
  t.is(serving.model?.version, "1");
  t.deepEqual(released, ["2"]);
});
