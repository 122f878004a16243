import test from "ava";
import { UNKNOWN } from "../stand-ins/rpc/values.ts";
import { ProdStack } from "./prod-stack.ts";

const stack = await ProdStack.make({ modelVersion: "latest", trainerTrain: "true", modelDelivery: "image" }, []);
const { project, standIns } = stack;
standIns.aws.addCluster("asgard-cluster");
test.after.always(() => stack.remove());

test.serial(
  "a preview before there is any model says why one is trained, and what will be known only then",
  async (t) => {
    const { report } = await project.deploy("--preview");
    t.like(report, {
      model: {
        modelName: "churn_predictor_feast",
        reason: "churn_predictor_feast: no version is registered, so a new version is trained",
        metrics: [],
      },
      image: { reference: "ml-inference:a tag known after training", build: true },
    });
    t.regex(await project.preview(), /metrics known after training/);
    t.deepEqual(standIns.calls.changes(), []);
    t.deepEqual(await project.versions(), []);
  },
);

test.serial("it registers each object of the workload, with all that is known of it", (t) => {
  const [deployment] = standIns.registered("kubernetes:apps/v1:Deployment");
  const { template } = deployment!.inputs.spec as { template: { spec: { containers: Record<string, unknown>[] } } };
  const [container] = template.spec.containers;
  t.like(container, { name: "inference", image: UNKNOWN, resources: { limits: { cpu: "1", memory: "768Mi" } } });
  t.true((container!.env as unknown[]).some((variable) => JSON.stringify(variable) === modelVersion));
  const kinds = standIns.registered().map(({ type }) => type.split(":").at(-1));
  for (const kind of [
    "Namespace",
    "ServiceAccount",
    "ConfigMap",
    "Service",
    "HorizontalPodAutoscaler",
    "Ingress",
    "Job",
  ])
    t.true(kinds.includes(kind), kind);
  t.deepEqual(stack.violations(), []);
});

const modelVersion = JSON.stringify({ name: "MODEL_VERSION", value: UNKNOWN });
