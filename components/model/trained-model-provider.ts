import type { MlflowStore, ModelVersion } from "../../mlflow/store.ts";
import { describeProgress } from "../../trainer/describe-progress.ts";
import { fingerprintParts, planTraining, type TrainingProgress, train } from "../../trainer/pipeline.ts";
import type { ProviderModule } from "../module-provider.ts";
import { duringRun, type Run } from "../run-channel.ts";
import { withStackStore } from "../stack-store.ts";
import { pinModel } from "./pin.ts";
import type { TrainedModelInputs, TrainedModelOutputs } from "./trained-model.ts";

export const provider: ProviderModule<TrainedModelInputs, TrainedModelOutputs> = {
  async check(olds, news) {
    const { keep, ...inputs } = news;
    if (!keep) return { inputs };
    const same = olds.modelName === news.modelName && olds.mlflowTrackingUri === news.mlflowTrackingUri;
    if (same) return { inputs: olds };
    if (inputs.resolved) return { inputs };
    const reason = `nothing to keep: neither the stack nor the registry has a version of ${news.modelName}. Run once without --skip-train`;
    return { inputs, failures: [{ property: "resolved", reason }] };
  },

  async diff(_id, olds, news) {
    return { changes: differs(olds, news) };
  },

  async create(inputs) {
    return { id: inputs.modelName, outs: await realize(inputs) };
  },

  async update(_id, _olds, news) {
    return { outs: await realize(news) };
  },

  async read(id, props) {
    const { modelName, version } = props!;
    try {
      const found = await withStackStore(props!, (store) => store.getVersion(modelName, version));
      return found ? { id, props: props! } : {};
    } catch (error) {
      // A registry that can't be asked says nothing of the version, and a destroy doesn't need it.
      console.log(`${modelName} version ${version} is taken as recorded: ${(error as Error).message}`);
      return { id, props: props! };
    }
  },

  async delete() {},
};

function differs(olds: TrainedModelOutputs, news: TrainedModelInputs): boolean {
  if (olds.modelName !== news.modelName || olds.mlflowTrackingUri !== news.mlflowTrackingUri) return true;
  const { resolved } = news;
  if (resolved) {
    const { version, sha256 = olds.sha256, goldenSha256 = olds.goldenSha256 } = resolved;
    return version !== olds.version || sha256 !== olds.sha256 || goldenSha256 !== olds.goldenSha256;
  }
  return fingerprintParts.some((part) => olds[part] !== news[part]);
}

async function realize(inputs: TrainedModelInputs): Promise<TrainedModelOutputs> {
  const pinned = await withStackStore(inputs, async (store) => pinModel(store, await findOrTrain(store, inputs)));
  return { ...inputs, ...pinned };
}

async function findOrTrain(store: MlflowStore, inputs: TrainedModelInputs): Promise<ModelVersion> {
  const version = inputs.resolved?.version ?? (await trainVersion(store, inputs));
  const found = await store.getVersion(inputs.modelName, version);
  if (found) return found;
  throw new Error(`${store.uri} has no version ${version} of ${inputs.modelName} any more: run up again`);
}

async function trainVersion(store: MlflowStore, inputs: TrainedModelInputs): Promise<string> {
  if (inputs.training === undefined)
    throw new Error(`no version of ${inputs.modelName} to serve, and none may be trained`);
  const { training } = inputs;
  return duringRun(async ({ signal, report }) => {
    const onProgress = (progress: TrainingProgress) => reportTraining(progress, report);
    const plan = await planTraining(training, { signal, onProgress });
    const { parts } = plan.fingerprint;
    const moved = fingerprintParts.filter((part) => parts[part] !== inputs[part]);
    if (moved.length > 0) throw new Error(`${moved.join(" and ")} changed while up was running: run up again`);
    return (await train(plan, store, { signal, onProgress })).version;
  });
}

function reportTraining(progress: TrainingProgress, report: Run["report"]): void {
  const { step } = progress;
  if (step === "train") {
    report({ step, message: "train: trees", done: progress.done, total: progress.total });
    return;
  }
  const message = describeProgress(progress);
  if (message) report({ step, message });
}
