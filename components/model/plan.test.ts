import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { normalizeTrainingSpec } from "../../trainer/training-spec.ts";
import type { PipelineConfig } from "../config.ts";
import { testService } from "../kubernetes/fixtures/settings.ts";
import { planModel } from "./plan.ts";

async function withEmptyStore<T>(use: (config: PipelineConfig) => Promise<T>): Promise<T> {
  const mlflowTrackingUri = await mkdtemp(join(tmpdir(), "plan-"));
  const serving = { target: "local", host: "127.0.0.1", port: 8080, service: testService, authTokensFile: "" } as const;
  const skips = { train: false, build: false, deploy: false };
  const training = normalizeTrainingSpec();
  try {
    return await use({ mlflowTrackingUri, modelVersion: "latest", trainerTrain: true, skips, training, serving });
  } finally {
    await rm(mlflowTrackingUri, { recursive: true });
  }
}

for (const trainerTrain of [true, false]) {
  test(`skipping the training keeps the version that the stack has, with trainerTrain ${trainerTrain}`, async (t) => {
    const plan = await withEmptyStore((config) =>
      planModel({ ...config, trainerTrain, skips: { ...config.skips, train: true } }),
    );
    t.like(plan, { wanted: "latest", keep: true, training: undefined });
  });
}

test("where nothing may be trained and nothing is registered, the error says so", async (t) => {
  const planning = withEmptyStore((config) => planModel({ ...config, trainerTrain: false }));
  await t.throwsAsync(planning, { message: /expected version latest of model .* no version that is ready/ });
});
