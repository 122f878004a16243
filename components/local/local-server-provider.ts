import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Expectation } from "../../mlflow/expectation.ts";
import type { ProviderModule } from "../module-provider.ts";
import { duringRun } from "../run-channel.ts";
import type { LocalServerInputs, LocalServerOutputs } from "./local-server.ts";
import { reachable } from "./port.ts";
import { instanceEnvironment, type ServeSpec } from "./serve-spec.ts";
import { type FoundStatus, roll, startSupervisor, status, stop } from "./supervisor-client.ts";

/** What makes another server of it. */
const inputNames = [
  "model",
  "mlflowTrackingUri",
  "host",
  "port",
  "variables",
  "authTokensFile",
  "runFolder",
  "project",
  "code",
] as const satisfies readonly (keyof LocalServerInputs)[];

export const provider: ProviderModule<LocalServerInputs, LocalServerOutputs> = {
  async check(_olds, news) {
    return { inputs: news };
  },

  async diff(_id, olds, news) {
    const changed = inputNames.some((name) => !isDeepStrictEqual(olds[name], news[name]));
    const changes = changed || olds.serving !== servingText(olds.model);
    // One socket belongs to one supervisor: another address is another supervisor.
    const replaces = (["host", "port", "runFolder"] as const).filter((key) => olds[key] !== news[key]);
    return { changes, replaces, deleteBeforeReplace: true };
  },

  async create(inputs) {
    return { id: inputs.runFolder, outs: await serve(inputs) };
  },

  async update(_id, _olds, news) {
    return { outs: await serve(news) };
  },

  async read(id, props) {
    const found = await status(resolve(props!.runFolder));
    // One that doesn't answer still is a process to stop.
    if (!found.running && found.reason !== "unresponsive") return {};
    return { id, props: { ...props!, serving: servingNow(found) } };
  },

  async delete(_id, props) {
    await stop(resolve(props.runFolder));
  },
};

/** Rolls the supervisor that runs, one that an interrupted run left behind too; where none answers, starts one. */
async function serve(inputs: LocalServerInputs): Promise<LocalServerOutputs> {
  const { host, port, model } = inputs;
  const directory = resolve(inputs.runFolder);
  const spec = serveSpec(inputs);
  const found = await status(directory);
  const mine = found.running && found.host === host && found.port === port;
  if (!mine) await stop(directory);
  await duringRun(({ signal, report }) => {
    report({ step: "serve", message: `${mine ? "rolling to" : "starting"} ${name(model)}` });
    return mine ? roll(directory, spec, { signal }) : startSupervisor({ directory, host, port, spec, signal });
  });
  return outputs(inputs);
}

function serveSpec(inputs: LocalServerInputs): ServeSpec {
  const { model, mlflowTrackingUri, variables, authTokensFile, project } = inputs;
  const isServer = /^https?:/i.test(mlflowTrackingUri);
  return {
    execPath: process.execPath,
    entry: join(project, "inference", "serve.ts"),
    env: {
      ...instanceEnvironment(process.env),
      ...variables,
      ...(authTokensFile && { AUTH_TOKENS_FILE: resolve(project, authTokensFile) }),
      MLFLOW_TRACKING_URI: isServer ? mlflowTrackingUri : resolve(project, mlflowTrackingUri),
    },
    expectation: model,
  };
}

function outputs(inputs: LocalServerInputs): LocalServerOutputs {
  const { host, port, model } = inputs;
  const address = reachable(host);
  const endpoint = `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  return { ...inputs, endpoint, deployedAt: new Date().toISOString(), serving: servingText(model) };
}

function servingNow(found: FoundStatus): string {
  if (!(found.running && found.ready)) return "nothing";
  const { modelName = "", modelVersion = "", sha256 = "" } = found;
  return servingText({ modelName, modelVersion, sha256 });
}

function servingText({ modelName, modelVersion, sha256 }: Expectation): string {
  return `${modelName} ${modelVersion} ${sha256}`;
}

function name({ modelName, modelVersion }: Expectation): string {
  return `${modelName} version ${modelVersion}`;
}
