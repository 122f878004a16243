import { RunError } from "@pulumi/pulumi";
import { announce, type ImageChange } from "./change-report.ts";
import type { ImagePlan } from "./image/plan.ts";
import { type CurrentModel, findModelChange } from "./model/model-change.ts";
import type { ModelPlan } from "./model/plan.ts";
import { trainedModelType } from "./model/trained-model.ts";
import { readStackState, type StackState } from "./stack-state.ts";
import { withStackStore } from "./stack-store.ts";
import { findWayBack } from "./way-back.ts";

/** How a new version takes the old one's place, by target. */
const rollouts = {
  local: [
    "an instance of the new version starts beside the old one, on a port of its own",
    "once its model has the expected sha256 and answers the golden sample alike, it takes over, and the old one drains",
    "up asks the live service at /predict and /batch_predict",
  ],
  eks: [
    "pods of the new version start beside the old ones, of which none goes before a new one is ready",
    "a pod is ready once its model has the expected sha256 and answers the golden sample alike",
    "old pods leave the Service, wait until every proxy knows, and drain",
    "a Job of the same image asks every ready pod at /predict and /batch_predict",
  ],
};

/**
 * Says what the run is about to do to model and image, against what the stack has, and how to go back where that fails.
 *
 * @throws RunError where the registry can't be asked.
 */
export async function announceChanges(
  target: keyof typeof rollouts,
  model: ModelPlan,
  image: ImagePlan | undefined,
): Promise<void> {
  const state = await readStackState();
  const current = state.find(trainedModelType)?.outputs as CurrentModel | undefined;
  const version = model.keep && current ? current.version : model.resolved?.version;
  const [modelChange, wayBack] = await withStackStore(
    model,
    async (store) =>
      [
        await findModelChange(store, model, current),
        await findWayBack(store, target, state, { modelName: model.modelName, version }),
      ] as const,
  ).catch((cause) => {
    throw new RunError((cause as Error).message, { cause });
  });
  const imageChange = image && findImageChange(image, state);
  await announce({
    ...(modelChange && { model: modelChange }),
    ...(imageChange && { image: imageChange }),
    rollout: rollouts[target],
    // A run that brings the proven version back is itself the way back.
    ...(wayBack && (wayBack.to || !modelChange) && { wayBack }),
  });
}

/** @returns undefined where the stack has that very image. */
function findImageChange(plan: ImagePlan, state: StackState): ImageChange | undefined {
  const { name } = plan.repository;
  if (plan.action === "build") return { reference: `${name}:${plan.tag ?? "a tag known after training"}`, build: true };
  const current = state.find("pipeline:image:Image")?.outputs.digest;
  return current === plan.digest ? undefined : { reference: `${name}@${plan.digest} (${plan.tag})`, build: false };
}
