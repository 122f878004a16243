import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Expectation } from "../../mlflow/expectation.ts";
import type { ProviderModule } from "../module-provider.ts";
import { duringRun } from "../run-channel.ts";
import type { LocalServerInputs, LocalServerOutputs } from "./local-server.ts";
import { reachable } from "./port.ts";
import { instanceEnvironment, type ServeSpec } from "./serve-spec.ts";
import { type FoundStatus, roll, startSupervisor, status, stop } from "./supervisor-client.ts";

export const provider: ProviderModule<LocalServerInputs, LocalServerOutputs> = {
  async check(_olds, news) {
    return { inputs: news };
  },

  async diff(_id, olds, news) {
    const what = ({ model, mlflowTrackingUri, host, port, runFolder, project, code }: LocalServerInputs) => [
      model,
      mlflowTrackingUri,
      host,
      port,
      runFolder,
      project,
      code,
    ];
    const changes = !isDeepStrictEqual(what(olds), what(news)) || olds.serving !== servingText(olds.model);
    // One socket belongs to one supervisor: another address is another supervisor.
    const replaces = (["host", "port", "runFolder"] as const).filter((key) => olds[key] !== news[key]);
    return { changes, replaces, deleteBeforeReplace: true };
  },

  async create(inputs) {
    const directory = resolve(inputs.runFolder);
    const found = await status(directory);
    // One that an interrupted run left behind is taken over.
    const mine = found.running && found.host === inputs.host && found.port === inputs.port;
    if (mine) return { id: inputs.runFolder, outs: outputs(inputs, await rollTo(inputs)) };
    await stop(directory);
    const { host, port } = inputs;
    const started = await duringRun(({ signal, report }) => {
      report({ step: "serve", message: `starting ${name(inputs.model)}` });
      return startSupervisor({ directory, host, port, spec: serveSpec(inputs), signal });
    });
    return { id: inputs.runFolder, outs: outputs(inputs, started) };
  },

  async update(_id, _olds, news) {
    return { outs: outputs(news, await rollTo(news)) };
  },

  async read(id, props) {
    const found = await status(resolve(props!.runFolder));
    if (!found.running) return {};
    return { id, props: { ...props!, serving: servingNow(found) } };
  },

  async delete(_id, props) {
    await stop(resolve(props.runFolder));
  },
};

function rollTo(inputs: LocalServerInputs): Promise<FoundStatus> {
  return duringRun(({ signal, report }) => {
    report({ step: "serve", message: `rolling to ${name(inputs.model)}` });
    return roll(resolve(inputs.runFolder), serveSpec(inputs), { signal });
  });
}

function serveSpec({ model, mlflowTrackingUri, project }: LocalServerInputs): ServeSpec {
  const isServer = /^https?:/i.test(mlflowTrackingUri);
  return {
    execPath: process.execPath,
    entry: join(project, "inference", "serve.ts"),
    env: {
      ...instanceEnvironment(process.env),
      MLFLOW_TRACKING_URI: isServer ? mlflowTrackingUri : resolve(project, mlflowTrackingUri),
    },
    expectation: model,
  };
}

function outputs(inputs: LocalServerInputs, found: FoundStatus): LocalServerOutputs {
  const { host, port } = inputs;
  const address = reachable(host);
  const endpoint = `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  return { ...inputs, endpoint, deployedAt: new Date().toISOString(), serving: servingNow(found) };
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
