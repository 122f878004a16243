import { allowing, type Statement, strings } from "../iam-documents.ts";
import type { Resource, Rule } from "../rule.ts";
import { get, listOf } from "../values.ts";

/** `*`, and every action of a service. */
const wildAction = /^(\*|[^:]*:\*)$/;
/** `*`, and everything of a service: an ARN whose resource is `*` alone. */
const wildResource = /^(\*|arn:([^:]*:){4}\*)$/;
/** AWS's own policies that give as much. */
const wildPolicy = /^arn:[^:]*:iam::aws:policy\/(.*\/)?(AdministratorAccess|PowerUserAccess|.*FullAccess)$/;

const documentTypes = new Set([
  "policy:Policy",
  "rolePolicy:RolePolicy",
  "userPolicy:UserPolicy",
  "groupPolicy:GroupPolicy",
]);

/** Least privilege: what is allowed is named. */
export const noWildcardIam: Rule = {
  name: "no-wildcard-iam",
  description: "IAM policies name the actions and the resources that they allow.",
  enforcement: "mandatory",
  check(resource) {
    return [
      ...documentsOf(resource).flatMap(([path, document]) => allowing(path, document).flatMap(statementProblems)),
      ...attachedTo(resource)
        .filter(([, arn]) => wildPolicy.test(arn))
        .map(([path, arn]) => `${path}: expected a policy that names what it allows, got ${arn}`),
    ];
  },
};

function documentsOf({ type, properties }: Resource): [string, unknown][] {
  if (!type.startsWith("aws:iam/")) return [];
  if (documentTypes.has(type.slice("aws:iam/".length))) return [["policy", get(properties, "policy")]];
  if (type !== "aws:iam/role:Role") return [];
  return listOf(get(properties, "inlinePolicies")).map((inline, index) => [
    `inlinePolicies[${index}].policy`,
    get(inline, "policy"),
  ]);
}

function attachedTo({ type, properties }: Resource): [string, string][] {
  if (type === "aws:iam/role:Role") {
    return strings(get(properties, "managedPolicyArns")).map((arn, index) => [`managedPolicyArns[${index}]`, arn]);
  }
  if (!/^aws:iam\/(role|user|group)?policyAttachment:/i.test(type)) return [];
  return strings(get(properties, "policyArn")).map((arn) => ["policyArn", arn]);
}

function statementProblems({ path, statement }: Statement): string[] {
  const wild = (field: string, pattern: RegExp) =>
    strings(get(statement, field))
      .filter((value) => pattern.test(value))
      .map((value) => `${path}.${field}: expected what is needed by name, got "${value}"`);
  const inverted = ["NotAction", "NotResource"]
    .filter((field) => get(statement, field) !== undefined)
    .map((field) => `${path}.${field}: expected what is allowed by name, got all but what is named`);
  return [...wild("Action", wildAction), ...wild("Resource", wildResource), ...inverted];
}
