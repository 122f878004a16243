import { join, resolve, sep } from "node:path";
import test from "ava";
import fc from "fast-check";
import { checkAlias, checkEntityName, checkModelName, checkRunId, checkVersionNumber } from "./names.ts";

const checks: Record<string, (name: string) => void> = {
  model: checkModelName,
  metric: (name) => checkEntityName("metric", name),
  alias: checkAlias,
  version: checkVersionNumber,
  run: checkRunId,
};

for (const [kind, check] of Object.entries(checks))
  test(`no accepted name of a ${kind} leads out of its folder`, (t) => {
    const root = resolve("store");
    const name = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[1-9]\d{0,8}$/),
      fc
        .array(fc.constantFrom("..", ".", "/", "a", "-", "1", "\\", "%2e"), { maxLength: 8 })
        .map((parts) => parts.join("")),
    );
    const accepts = (candidate: string) => {
      try {
        check(candidate);
        return true;
      } catch {
        return false;
      }
    };
    const staysInside = (candidate: string) => join(root, candidate).startsWith(root + sep);
    t.notThrows(() => fc.assert(fc.property(name, (candidate) => !accepts(candidate) || staysInside(candidate))));
  });

test("names that MLflow takes are accepted", (t) => {
  t.notThrows(() => checkModelName("churn predictor"));
  t.notThrows(() => checkEntityName("metric", "test/roc auc:1.0-b"));
  t.notThrows(() => checkAlias("champion"));
});

for (const name of ["", " ", "a/b", "a:b", "a%b", "..", "."])
  test(`the model name "${name}" is refused`, (t) => {
    t.throws(() => checkModelName(name), { message: /expected a model name/ });
  });

for (const alias of ["latest", "V1", "v22", "a b", ""])
  test(`the alias "${alias}" is refused`, (t) => {
    t.throws(() => checkAlias(alias), { message: /expected an alias/ });
  });
