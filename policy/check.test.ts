import test from "ava";
import { checkResources } from "./check.ts";
import { changed, keys } from "./fixtures/changed.ts";
import { deployment, others, resource, workloads } from "./fixtures/good.ts";
import { rules } from "./rules.ts";

test("what every rule permits passes as a whole", (t) => {
  const good = [...workloads.map(([workload]) => workload), ...Object.values(others)];
  t.deepEqual(
    checkResources(good).map(({ message }) => message),
    [],
  );
});

test("each violation names rule, weight, resource, property, what was expected and what came", (t) => {
  const tagged = changed(deployment, keys("spec.template.spec.containers[0].image"), "ml-inference:latest");
  const plain = changed(others.route!, ["metadata", "annotations", "ml-deployment-pipeline/tls"], "none");
  t.deepEqual(
    checkResources([tagged, plain]).map(({ message }) => message),
    [
      '[mandatory] image-by-digest: it (kubernetes:apps/v1:Deployment): spec.template.spec.containers[0].image: expected an image by digest (name@sha256:…), got "ml-inference:latest"',
      '[advisory] plain-route: it (kubernetes:gateway.networking.k8s.io/v1:HTTPRoute): metadata.annotations["ml-deployment-pipeline/tls"]: expected TLS, got "none": requests come in plain HTTP',
    ],
  );
});

test("types that no rule speaks of pass", (t) => {
  t.deepEqual(
    checkResources([resource("pulumi:pulumi:Stack", {}), resource("pulumi-nodejs:dynamic:Resource", { port: 8080 })]),
    [],
  );
});

test("rules have names of their own, in kebab-case, and say what they want", (t) => {
  const names = rules.map(({ name }) => name);
  t.is(new Set(names).size, names.length);
  for (const { name, description } of rules) {
    t.regex(name, /^[a-z]+(-[a-z]+)*$/);
    t.regex(description, /\.$/);
  }
});
