import { allowing, type Statement, strings } from "../iam-documents.ts";
import type { Rule } from "../rule.ts";
import { entriesOf, get, isUnknown } from "../values.ts";

/**
 * Who may take a role. Without `sub` any service account of the cluster could, without `aud` any token of the issuer
 * (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).
 */
export const narrowTrust: Rule = {
  name: "narrow-trust",
  description: "Roles trust named principals; web identities by StringEquals on `sub` and `aud`.",
  enforcement: "mandatory",
  check({ type, properties }) {
    if (type !== "aws:iam/role:Role") return [];
    return allowing("assumeRolePolicy", get(properties, "assumeRolePolicy")).flatMap((statement) => [
      ...principalProblems(statement),
      ...webIdentityProblems(statement),
    ]);
  },
};

function principalProblems({ path, statement }: Statement): string[] {
  const principal = get(statement, "Principal");
  const fields: [string, unknown][] = [
    ["", principal],
    ...entriesOf(principal).map(([k, v]): [string, unknown] => [`.${k}`, get(v)]),
  ];
  return fields
    .filter(([, value]) => strings(value).includes("*"))
    .map(([field]) => `${path}.Principal${field}: expected a principal by name, got "*"`);
}

function webIdentityProblems({ path, statement }: Statement): string[] {
  if (!strings(get(statement, "Action")).includes("sts:AssumeRoleWithWebIdentity")) return [];
  const condition = get(statement, "Condition");
  if (isUnknown(condition)) return [];
  const equals = get(condition, "StringEquals");
  const missing = ["sub", "aud"]
    .filter((claim) => !isUnknown(equals) && !entriesOf(equals).some(([key]) => key.endsWith(`:${claim}`)))
    .map((claim) => `${path}.Condition.StringEquals: expected one value of the token's \`${claim}\`, got none`);
  const alike = entriesOf(condition)
    .filter(([operator]) => /StringLike/i.test(operator))
    .flatMap(([operator, keys]) =>
      entriesOf(keys).map(([key, value]): [string, unknown] => [`${operator}["${key}"]`, get(value)]),
    )
    .filter(([, value]) => strings(value).some((text) => text.includes("*")))
    .map(([where, value]) => `${path}.Condition.${where}: expected StringEquals, got ${JSON.stringify(value)}`);
  return [...missing, ...alike];
}
