import { parseArgs } from "node:util";
import type { Logger } from "pino";
import { openBundle } from "../mlflow/bundle.ts";
import { openStore } from "../mlflow/open-store.ts";
import { createApp } from "./app.ts";
import { openTokens } from "./http/token-file.ts";
import { type HttpServer, listen } from "./http-server.ts";
import { createLog } from "./log.ts";
import { loadModel } from "./model/load-model.ts";
import { storePatience } from "./model/load-settings.ts";
import { loadWithRetries } from "./model/load-with-retries.ts";
import { readExpectation } from "./read-expectation.ts";
import { keepReloading } from "./reload/keep-reloading.ts";
import { Serving } from "./serving.ts";
import { readSettings, type Settings, usage } from "./settings.ts";
import { createShadow } from "./shadow/create-shadow.ts";
import { endBy } from "./signals.ts";
import { followSupervisor, tellSupervisor } from "./supervised.ts";
import { wantedExpectation } from "./wanted-expectation.ts";
import { startWatch, type Watch } from "./watch.ts";

/**
 * Serves what the environment asks for until a signal ends it. Sets the exit status: 1 where model or port aren't to be
 * had, 2 for wrong settings.
 */
export async function main(): Promise<void> {
  const settings = readCommandLine();
  if (!settings) return;
  const logger = createLog(settings.logLevel);
  try {
    await serve(settings, logger);
  } catch (error) {
    const { message } = error as Error;
    // A stack helps where the fault is in the program; where it is outside, the message says all.
    logger.fatal(isBug(error) ? { err: error } : {}, message);
    await tellSupervisor({ kind: "failed", message });
    process.exit(1);
  }
}

async function serve(settings: Settings, logger: Logger): Promise<void> {
  const { modelName: name, modelVersion: version, host, port } = settings;
  const watch = await startWatch(settings, logger);
  const serving = new Serving({ name, version }, [watch.serves]);
  const shadow = createShadow(settings, serving, watch.metrics, logger);
  const observers = [...watch.observers, ...(shadow ? [shadow.observe] : [])];
  const { limits, corsOrigins } = settings.http;
  const tokens = await openTokens(settings.http.tokens, logger);
  const app = createApp(serving, { ...settings, ...watch, tokens, corsOrigins, observers, logger });
  const server = await listen(app, host, port, { ...limits, logger });
  logger.info({ host, port: server.port, access: tokens ? "bearer tokens" : "open" }, "listening");
  drainOnSignals(server, serving, watch, settings, logger);

  const given = settings.expectationFile ? await readExpectation(settings.expectationFile) : undefined;
  const expectation = wantedExpectation(serving.wanted, given);
  if (given && !expectation)
    logger.warn(
      { wanted: version, expected: given.modelVersion },
      "MODEL_VERSION is another version than the expectation's, which is set aside: the version's own sha256 and golden sample count",
    );
  const { modelPath, trackingUri, credentials } = settings;
  const store = modelPath ? await openBundle(modelPath) : openStore(trackingUri, { ...credentials, ...storePatience });
  const load = (version: string) => loadModel({ ...settings, store, name, version, expectation, onRun: watch.onRun });
  const model = await loadWithRetries(() => load(version), { ...settings.load, logger });
  serving.serve(model);
  const { runId, modelType, sha256, schema, proof } = model;
  const features = schema.columns.map(({ name }) => name);
  logger.info({ name, version: model.version, runId, modelType, sha256, proof, features }, "ready");
  if (model.proof.golden === "none") logger.warn("the model has no golden sample: its answers weren't proven");
  if (model.proof.digest === "none")
    logger.warn("nothing says which sha256 the model must have: its bytes weren't proven");
  await tellSupervisor({ kind: "ready", port: server.port });
  shadow?.start();
  const { everyMs } = settings.reload;
  if (everyMs > 0) keepReloading({ serving, store, load, everyMs, logger, metrics: watch.metrics });
}

function isBug(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}

/** @returns undefined where there is nothing to serve: help was asked for, or the settings are wrong. */
function readCommandLine(): Settings | undefined {
  try {
    // A supervisor marks its instances, so that it can tell them from other processes by their command line.
    const { values } = parseArgs({
      options: { help: { type: "boolean", short: "h" }, supervisor: { type: "string" } },
    });
    if (!values.help) return readSettings(process.env);
    process.stdout.write(usage);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee --help.\n`);
    process.exitCode = 2;
  }
  return undefined;
}

function drainOnSignals(
  server: HttpServer,
  serving: Serving,
  watch: Watch,
  { drainTimeoutMs }: Settings,
  logger: Logger,
): void {
  const drain = async (why: string) => {
    if (serving.draining) return;
    serving.drain();
    logger.info({ why }, "draining");
    await server.drain(drainTimeoutMs);
    await watch.close();
    logger.info("drained");
    process.exit(0);
  };
  endBy(drain);
  if (process.connected) followSupervisor({ adopt: server.adopt, drain: () => drain("supervisor") });
}
