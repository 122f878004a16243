import test from "ava";
import { RecordedStack } from "../aws/fixtures/recorded-stack.ts";
import { TrainedModel, trainedModelType } from "./trained-model.ts";

test("the stack has it by the type that others look for", async (t) => {
  const stack = await RecordedStack.start();
  new TrainedModel("model", { mlflowTrackingUri: "mlruns", modelName: "churn", wanted: "1" });
  await stack.settled();
  t.is(stack.ofType(trainedModelType).length, 1);
});
