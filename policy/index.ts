import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import type { Rule } from "./rule.ts";
import { rules } from "./rules.ts";

new PolicyPack("ml-deployment-pipeline", {
  description: "What a reviewer of the ML deployment pipeline would enforce.",
  policies: rules.map(policyOf),
});

function policyOf({ name, description, enforcement, check }: Rule): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: enforcement,
    validateResource({ type, name, props }, report) {
      for (const problem of check({ type, name, properties: withUnknowns(props), marked: false })) report(problem);
    },
  };
}

/**
 * The properties behind @pulumi/policy's proxy, which throws where a rule comes upon an unknown value, so that in a preview the
 * whole rule is given up. The rules know unknown values themselves, and judge what is known.
 */
function withUnknowns(props: Record<string, unknown>): unknown {
  return props.__getSpecialProxyTarget ?? props;
}
